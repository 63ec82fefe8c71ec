// A minimal browser on WebKitGTK, run by gjs and driven by WebKitWebDriver, that keeps its profile on disk.
//
// WebKitGTK's own MiniBrowser gives an automated session an in-memory profile only, so it cannot show what survives a
// crash. The engine is the same library.
//   gjs webkitgtk-browser.js <profile folder>
imports.gi.versions.Gtk = '3.0'
imports.gi.versions.WebKit2 = '4.1'
const { Gtk, WebKit2 } = imports.gi

const [profile] = ARGV
Gtk.init(null)

const data = new WebKit2.WebsiteDataManager({
  base_data_directory: `${profile}/data`,
  base_cache_directory: `${profile}/cache`,
})
data
  .get_cookie_manager()
  .set_persistent_storage(`${profile}/cookies.sqlite`, WebKit2.CookiePersistentStorage.SQLITE)

const context = new WebKit2.WebContext({ website_data_manager: data })
context.set_preferred_languages(['en-US'])
context.set_automation_allowed(true)
context.connect('automation-started', (_context, session) => {
  const info = new WebKit2.ApplicationInfo()
  info.set_name('carryon-webkitgtk')
  info.set_version(WebKit2.get_major_version(), WebKit2.get_minor_version(), WebKit2.get_micro_version())
  session.set_application_info(info)
  session.connect('create-web-view', () => {
    const view = new WebKit2.WebView({ web_context: context, is_controlled_by_automation: true })
    const window = new Gtk.Window({ default_width: 1280, default_height: 800 })
    window.add(view)
    window.show_all()
    view.connect('close', () => window.destroy())
    return view
  })
})

Gtk.main()
