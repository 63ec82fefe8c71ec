/**
 * WebAssembly text of MD5's compression (RFC 1321, section 3.4), written by a program because its 64 unrolled steps are
 * the same sentence 64 times. `md5One` hashes one message, `md5Four` four side by side, each in a 32-bit lane: a step waits
 * for the one before it, so one message alone leaves most of a core idle. Eight in two interleaved groups measured 7 % more
 * than four, when all eight were there.
 */
import { md5Constants, md5States, md5Pointers, md5Words } from './memory-layout.js'

const words = ['a', 'b', 'c', 'd']

/** Message word, additive constant and rotation of each of the 64 steps; RFC 1321, section 3.4, "Round 1" to "Round 4". */
const steps = Array.from({ length: 64 }, (_, step) => {
  const round = step >> 4
  const word = [step, 5 * step + 1, 3 * step + 5, 7 * step][round] ?? 0
  const rotations = [
    [7, 12, 17, 22],
    [5, 9, 14, 20],
    [4, 11, 16, 23],
    [6, 10, 15, 21],
  ]
  return { step, round, word: word & 15, rotation: rotations[round]?.[step & 3] ?? 0 }
})

/** "T[i], the integer part of 4294967296 times abs(sin(i)), where i is in radians." */
const sine = (step: number): number => Math.floor(2 ** 32 * Math.abs(Math.sin(step + 1))) >>> 0

/** What the lanes' steps read one constant after another from; see {@link laneStep} for the last round's. */
export function md5AdditiveConstants(): Uint32Array {
  return Uint32Array.from(steps, ({ step, round }) => sine(step) - (round === 3 ? 1 : 0))
}

/** The names of a, b, c, d before a step: each step replaces the first and the rest move up. */
function turned(step: number): [string, string, string, string] {
  const name = (index: number): string => `$${words[(index + 4 - (step & 3)) & 3] ?? ''}`
  return [name(0), name(1), name(2), name(3)]
}

/** For one message: 32-bit integers, which can be rotated. */
function oneStep({ step, round, word, rotation }: (typeof steps)[number]): string {
  const [a, b, c, d] = turned(step).map((name) => `(local.get ${name})`)
  const mixed = [
    `(i32.xor ${d} (i32.and ${b} (i32.xor ${c} ${d})))`,
    `(i32.add (i32.and (i32.xor ${d} (i32.const -1)) ${c}) (i32.and ${d} ${b}))`,
    `(i32.xor (i32.xor ${c} ${d}) ${b})`,
    `(i32.xor ${c} (i32.or ${b} (i32.xor ${d} (i32.const -1))))`,
  ][round]
  const message = `(i32.load offset=${word * 4} (local.get $data))`
  const sum = `(i32.add (i32.add (i32.add ${a} ${message}) (i32.const ${sine(step) | 0})) ${mixed})`
  return `(local.set ${turned(step)[0]} (i32.add ${b} (i32.rotl ${sum} (i32.const ${rotation}))))`
}

/**
 * For four messages: WebAssembly has no rotation of lanes, so two shifts and an or. The last round's `c ^ (b | ~d)` is
 * `~(c ^ (d & ~b))`, and adding `~x` is taking away `x + 1`; the 1 is in the constant.
 */
function laneStep({ step, round, word, rotation }: (typeof steps)[number]): string {
  const [a, b, c, d] = turned(step).map((name) => `(local.get ${name})`)
  const constant = `(v128.load32_splat offset=${md5Constants + step * 4} (i32.const 0))`
  const message = `(v128.load offset=${md5Words + word * 16} (i32.const 0))`
  const early = `(i32x4.add ${a} (i32x4.add ${message} ${constant}))`
  const sum = [
    `(i32x4.add ${early} (v128.xor ${d} (v128.and ${b} (v128.xor ${c} ${d}))))`,
    `(i32x4.add (i32x4.add ${early} (v128.andnot ${c} ${d})) (v128.and ${d} ${b}))`,
    `(i32x4.add ${early} (v128.xor (v128.xor ${c} ${d}) ${b}))`,
    `(i32x4.sub ${early} (v128.xor ${c} (v128.andnot ${d} ${b})))`,
  ][round]
  const shifted = `(v128.or (i32x4.shl (local.tee $sum ${sum}) (i32.const ${rotation})) (i32x4.shr_u (local.get $sum) (i32.const ${32 - rotation})))`
  return `(local.set ${turned(step)[0]} (i32x4.add ${b} ${shifted}))`
}

/** Four messages' blocks, each a row of words, become sixteen rows of one word of each message. */
function transpose(): string {
  const shuffle = (lanes: readonly number[], one: string, other: string): string => {
    const bytes = lanes.flatMap((lane) => [0, 1, 2, 3].map((byte) => lane * 4 + byte))
    return `(i8x16.shuffle ${bytes.join(' ')} (local.get ${one}) (local.get ${other}))`
  }
  const low = [0, 4, 1, 5]
  const high = [2, 6, 3, 7]
  return [0, 1, 2, 3]
    .map((quarter) => {
      const load = (lane: number): string =>
        `(local.set $r${lane} (v128.load offset=${quarter * 16} (local.get $p${lane})))`
      const store = (row: number, value: string): string =>
        `(v128.store offset=${md5Words + (quarter * 4 + row) * 16} (i32.const 0) ${value})`
      return [
        ...[0, 1, 2, 3].map(load),
        `(local.set $s0 ${shuffle(low, '$r0', '$r1')})`,
        `(local.set $s1 ${shuffle(low, '$r2', '$r3')})`,
        `(local.set $s2 ${shuffle(high, '$r0', '$r1')})`,
        `(local.set $s3 ${shuffle(high, '$r2', '$r3')})`,
        store(0, shuffle([0, 1, 4, 5], '$s0', '$s1')),
        store(1, shuffle([2, 3, 6, 7], '$s0', '$s1')),
        store(2, shuffle([0, 1, 4, 5], '$s2', '$s3')),
        store(3, shuffle([2, 3, 6, 7], '$s2', '$s3')),
      ].join('\n')
    })
    .join('\n')
}

/** MD5's four words from a row of {@link md5States} to a local each, and back. */
const place = (word: number): number => md5States + word * 16
const ofEachWord = (make: (name: string, word: number) => string): string => words.map(make).join('\n')
/** "Then perform the following additions. (That is increment each of the four registers by the value it had …)" */
const increment = (add: string): string =>
  ofEachWord((name) => `(local.set $${name} (${add} (local.get $${name}) (local.get $${name}0)))`)

/** `(func (param $data) (param $blocks))`: the state is that of the first lane. */
export function md5One(): string {
  return `
(func (export "md5One") (param $data i32) (param $blocks i32)
  ${ofEachWord((name) => `(local $${name} i32) (local $${name}0 i32)`)}
  ${ofEachWord((name, word) => `(local.set $${name} (i32.load offset=${place(word)} (i32.const 0)))`)}
  (block $done (loop $next
    (br_if $done (i32.eqz (local.get $blocks)))
    ${ofEachWord((name) => `(local.set $${name}0 (local.get $${name}))`)}
    ${steps.map(oneStep).join('\n')}
    ${increment('i32.add')}
    (local.set $data (i32.add (local.get $data) (i32.const 64)))
    (local.set $blocks (i32.sub (local.get $blocks) (i32.const 1)))
    (br $next)))
  ${ofEachWord((name, word) => `(i32.store offset=${place(word)} (i32.const 0) (local.get $${name}))`)})`
}

/** `(func (param $blocks))`: each lane's data begins where `md5Pointers` says; the states are changed in place. */
export function md5Four(): string {
  const ofEachLane = (make: (lane: number) => string): string => [0, 1, 2, 3].map(make).join('\n')
  return `
(func (export "md5Four") (param $blocks i32)
  ${ofEachLane((lane) => `(local $p${lane} i32) (local $r${lane} v128) (local $s${lane} v128)`)}
  ${ofEachWord((name) => `(local $${name} v128) (local $${name}0 v128)`)}
  (local $sum v128)
  ${ofEachLane((lane) => `(local.set $p${lane} (i32.load offset=${md5Pointers + lane * 4} (i32.const 0)))`)}
  ${ofEachWord((name, word) => `(local.set $${name} (v128.load offset=${place(word)} (i32.const 0)))`)}
  (block $done (loop $next
    (br_if $done (i32.eqz (local.get $blocks)))
    ${transpose()}
    ${ofEachWord((name) => `(local.set $${name}0 (local.get $${name}))`)}
    ${steps.map(laneStep).join('\n')}
    ${increment('i32x4.add')}
    ${ofEachLane((lane) => `(local.set $p${lane} (i32.add (local.get $p${lane}) (i32.const 64)))`)}
    (local.set $blocks (i32.sub (local.get $blocks) (i32.const 1)))
    (br $next)))
  ${ofEachWord((name, word) => `(v128.store offset=${place(word)} (i32.const 0) (local.get $${name}))`)})`
}
