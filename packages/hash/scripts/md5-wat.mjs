// The WebAssembly text of MD5 (RFC 1321): its 64 steps unrolled, for one message and for four side by side.

/** RFC 1321, section 3.4: of each round, how a step's word of the block is chosen and by how much its sum is turned. */
const rounds = [
  { word: (i) => i, turns: [7, 12, 17, 22] },
  { word: (i) => 5 * i + 1, turns: [5, 9, 14, 20] },
  { word: (i) => 3 * i + 5, turns: [4, 11, 16, 23] },
  { word: (i) => 7 * i, turns: [6, 10, 15, 21] },
]

const steps = Array.from({ length: 64 }, (_, i) => {
  const { word, turns } = rounds[i >> 4]
  return { i, round: i >> 4, word: word(i) % 16, turn: turns[i % 4], sine: sine(i) }
})

/** "The integer part of 4294967296 times abs(sin(i))", i from 1 on. */
function sine(i) {
  return Math.floor(2 ** 32 * Math.abs(Math.sin(i + 1))) | 0
}

/**
 * A step in the arithmetic of `t`: i32, or i32x4 with v128's logic. Sums that do not depend on the previous step come
 * first, and the two halves of round 2, which share no bit, are added separately.
 */
function step({ round, word, turn, sine: constant, i }, t) {
  // Each step replaces the first of a, b, c, d; for the next step they are rotated by one.
  const [a, b, c, d] = [0, 1, 2, 3].map((k) => `(local.get $${'abcd'[(k + 64 - i) % 4]})`)
  const base = t.add(t.add(a, t.constant(constant, i)), `(local.get $m${word})`)
  const sum = [
    () => t.add(base, t.xor(d, t.and(b, t.xor(c, d)))),
    () => t.add(t.add(base, t.andNot(c, d)), t.and(b, d)),
    () => t.add(base, t.xor(b, t.xor(c, d))),
    () => t.add(base, t.xor(c, t.orNot(b, d))),
  ][round]()
  return `(local.set ${a.slice(11, -1)} ${t.add(b, t.turn(sum, turn))})`
}

const one = {
  add: (x, y) => `(i32.add ${x} ${y})`,
  and: (x, y) => `(i32.and ${x} ${y})`,
  xor: (x, y) => `(i32.xor ${x} ${y})`,
  andNot: (x, y) => `(i32.and ${x} (i32.xor ${y} (i32.const -1)))`,
  orNot: (x, y) => `(i32.or ${x} (i32.xor ${y} (i32.const -1)))`,
  turn: (x, count) => `(i32.rotl ${x} (i32.const ${count}))`,
  constant: (value) => `(i32.const ${value})`,
}

/** Lanes have no rotation, so they are shifted both ways. Constants are in memory: a load copies one to all lanes. */
const four = {
  add: (x, y) => `(i32x4.add ${x} ${y})`,
  and: (x, y) => `(v128.and ${x} ${y})`,
  xor: (x, y) => `(v128.xor ${x} ${y})`,
  andNot: (x, y) => `(v128.andnot ${x} ${y})`,
  orNot: (x, y) => `(v128.or ${x} (v128.not ${y}))`,
  turn: (x, count) =>
    `(v128.or (i32x4.shl (local.tee $x ${x}) (i32.const ${count})) (i32x4.shr_u (local.get $x) (i32.const ${32 - count})))`,
  constant: (_, i) => `(v128.load32_splat offset=${layout.sines + 4 * i} (i32.const 0))`,
}

/** Memory layout in bytes; must match md5-lanes.ts, which explains it. */
const layout = { states: 0, sines: 64, lanes: 1024, distance: 16 * 1024 + 256 }

const range = (count, make) => Array.from({ length: count }, (_, index) => make(index)).join('\n')
const state = (make) => [...'abcd'].map(make).join('\n')

/** `one(at, end)`: hashes whole blocks with the state of lane 0. */
function functionOne() {
  return `(func (export "one") (param $at i32) (param $end i32)
${state((name) => `(local $${name} i32) (local $${name}0 i32)`)}
${range(16, (word) => `(local $m${word} i32)`)}
${state((name, word) => `(local.set $${name} (i32.load offset=${layout.states + 16 * word} (i32.const 0)))`)}
(block $done (loop $block
  (br_if $done (i32.eq (local.get $at) (local.get $end)))
  ${state((name) => `(local.set $${name}0 (local.get $${name}))`)}
  ${range(16, (word) => `(local.set $m${word} (i32.load offset=${4 * word} (local.get $at)))`)}
  ${steps.map((each) => step(each, one)).join('\n')}
  ${state((name) => `(local.set $${name} (i32.add (local.get $${name}) (local.get $${name}0)))`)}
  (local.set $at (i32.add (local.get $at) (i32.const 64)))
  (br $block)))
${state((name, word) => `(i32.store offset=${layout.states + 16 * word} (i32.const 0) (local.get $${name}))`)})`
}

/** Transposes four words of four lanes: rows of lanes become rows of words. */
function words(quarter) {
  const shuffle = (x, y, lanes) =>
    `(i8x16.shuffle ${lanes.flatMap((lane) => [0, 1, 2, 3].map((byte) => 4 * lane + byte)).join(' ')} ${x} ${y})`
  const get = (name) => `(local.get $${name})`
  const pairs = (lanes) => shuffle(get('p'), get('q'), lanes)
  return `
${[0, 1, 2, 3].map((lane) => `(local.set $r${lane} (v128.load offset=${layout.lanes + lane * layout.distance + 16 * quarter} (local.get $at)))`).join('\n')}
(local.set $p ${shuffle(get('r0'), get('r1'), [0, 4, 1, 5])})
(local.set $q ${shuffle(get('r2'), get('r3'), [0, 4, 1, 5])})
(local.set $m${4 * quarter} ${pairs([0, 1, 4, 5])})
(local.set $m${4 * quarter + 1} ${pairs([2, 3, 6, 7])})
(local.set $p ${shuffle(get('r0'), get('r1'), [2, 6, 3, 7])})
(local.set $q ${shuffle(get('r2'), get('r3'), [2, 6, 3, 7])})
(local.set $m${4 * quarter + 2} ${pairs([0, 1, 4, 5])})
(local.set $m${4 * quarter + 3} ${pairs([2, 3, 6, 7])})`
}

/** `four(end)`: hashes that many bytes, whole blocks, of every lane from its beginning. */
function functionFour() {
  return `(func (export "four") (param $end i32) (local $at i32) (local $x v128)
(local $p v128) (local $q v128) (local $r0 v128) (local $r1 v128) (local $r2 v128) (local $r3 v128)
${state((name) => `(local $${name} v128) (local $${name}0 v128)`)}
${range(16, (word) => `(local $m${word} v128)`)}
${state((name, word) => `(local.set $${name} (v128.load offset=${layout.states + 16 * word} (i32.const 0)))`)}
(block $done (loop $block
  (br_if $done (i32.eq (local.get $at) (local.get $end)))
  ${state((name) => `(local.set $${name}0 (local.get $${name}))`)}
  ${range(4, words)}
  ${steps.map((each) => step(each, four)).join('\n')}
  ${state((name) => `(local.set $${name} (i32x4.add (local.get $${name}) (local.get $${name}0)))`)}
  (local.set $at (i32.add (local.get $at) (i32.const 64)))
  (br $block)))
${state((name, word) => `(v128.store offset=${layout.states + 16 * word} (i32.const 0) (local.get $${name}))`)})`
}

/** The module's text. */
export function md5Text() {
  const sines = Buffer.from(Int32Array.from(steps, (each) => each.sine).buffer)
  const literal = [...sines].map((byte) => `\\${byte.toString(16).padStart(2, '0')}`).join('')
  const pages = Math.ceil((layout.lanes + 4 * layout.distance) / 65_536)
  return `(module (memory (export "memory") ${pages} ${pages}) (data (i32.const ${layout.sines}) "${literal}")
${functionOne()}
${functionFour()})`
}
