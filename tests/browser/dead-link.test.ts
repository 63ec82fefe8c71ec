import { expect } from 'vitest'
import { endToEnd } from './harness/end-to-end.js'
import { takePicture, violations } from './screens/picture.js'

const test = endToEnd()

test.for([
  { locale: 'en-GB', colorScheme: 'light', width: 1280, title: 'This link doesn’t work' },
  { locale: 'zh-CN', colorScheme: 'dark', width: 390, title: '链接无法打开' },
] as const)(
  'a link that leads nowhere: a page in $locale, $colorScheme',
  async (look, { product, arrive }) => {
    const { locale, colorScheme, width, title } = look
    const { chromium } = await arrive({ locale, viewport: { width, height: 800 } })
    const { page } = chromium
    await page.emulateMedia({ colorScheme })
    await page.goto(new URL('/api/uploads/none/object?until=4102444800&signature=none', product.url).href)
    expect(await page.innerText('h1')).toBe(title)
    await takePicture(page, `dead-link-${width}-${locale.slice(0, 2)}-${colorScheme}`)
    // On so small a page only a few of axe's rules apply.
    expect(await violations(page, 8)).toEqual([])
  },
)
