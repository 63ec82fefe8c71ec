/**
 * WebAssembly text of CRC-64/XZ. With y = x^128, modulo the polynomial,
 *
 *     y^2241 + y^2120 + y^2116 + y^1392 + y^1109 + y^971 + y^579 + 1 = 0
 *
 * so a block of 16 bytes may be taken out of a message by adding it to the seven blocks that come 121 to 2241 later: seven
 * loads and exclusive ors for 16 bytes, none of which waits for the one before. What is left in the last 2241 blocks has the
 * same remainder as the whole message, and is divided byte for byte. The bits are reflected, and so is the relation, which
 * crc64.test.ts's bitwise definition proves: the blocks' order in memory is that of falling powers.
 */
import { crc64Tables, foldedBytes } from './memory-layout.js'

/** How many blocks before it stand those that a block takes in: 2241 less the exponents above. */
const distances = [2241, 1662, 1270, 1132, 849, 125, 121]

/** The block at `$from` + {@link foldedBytes}, with those before it that are added to it. */
function taken(block: number): string {
  const load = (distance: number): string =>
    `(v128.load offset=${foldedBytes - (distance - block) * 16} (local.get $from))`
  return [0, ...distances].map(load).reduce((sum, value) => `(v128.xor ${sum} ${value})`)
}

const takeIn = (block: number): string =>
  `(v128.store offset=${foldedBytes + block * 16} (local.get $from) ${taken(block)})`

/**
 * `(func (param $data) (param $end))`: folds what is between, a multiple of 64 bytes, from the first block to the last. The
 * {@link foldedBytes} before `$data` hold what was folded before, at the beginning zeros.
 */
export function crc64Fold(): string {
  return `
(func (export "crc64Fold") (param $data i32) (param $end i32)
  (local $from i32)
  (local.set $from (i32.sub (local.get $data) (i32.const ${foldedBytes})))
  (local.set $end (i32.sub (local.get $end) (i32.const ${foldedBytes})))
  (block $done (loop $next
    (br_if $done (i32.ge_u (local.get $from) (local.get $end)))
    ${[0, 1, 2, 3].map(takeIn).join('\n')}
    (local.set $from (i32.add (local.get $from) (i32.const 64)))
    (br $next))))`
}

/**
 * `(func (param $data))`: takes back, from the last block to the first, what the {@link foldedBytes} from there took in
 * from one another. Before them must stand as many zeros.
 */
export function crc64Unfold(): string {
  return `
(func (export "crc64Unfold") (param $data i32)
  (local $from i32)
  (local.set $from (local.get $data))
  (local.set $data (i32.sub (local.get $data) (i32.const ${foldedBytes})))
  (loop $next
    (local.set $from (i32.sub (local.get $from) (i32.const 16)))
    ${takeIn(0)}
    (br_if $next (i32.gt_u (local.get $from) (local.get $data)))))`
}

/** `(func (param $crc) (param $data) (param $length) (result))`: eight bytes at a time, each by a table of its own. */
export function crc64Bytes(): string {
  const entry = (table: number, shift: number): string =>
    `(i64.load offset=${crc64Tables + table * 2048} (i32.wrap_i64 (i64.shl (i64.and (i64.shr_u (local.get $crc) (i64.const ${shift})) (i64.const 255)) (i64.const 3))))`
  const eight = [0, 1, 2, 3, 4, 5, 6, 7]
    .map((byte) => entry(7 - byte, byte * 8))
    .reduce((sum, value) => `(i64.xor ${sum} ${value})`)
  return `
(func (export "crc64Bytes") (param $crc i64) (param $data i32) (param $length i32) (result i64)
  (block $rest (loop $next
    (br_if $rest (i32.lt_u (local.get $length) (i32.const 8)))
    (local.set $crc (i64.xor (local.get $crc) (i64.load (local.get $data))))
    (local.set $crc ${eight})
    (local.set $data (i32.add (local.get $data) (i32.const 8)))
    (local.set $length (i32.sub (local.get $length) (i32.const 8)))
    (br $next)))
  (block $done (loop $next
    (br_if $done (i32.eqz (local.get $length)))
    (local.set $crc (i64.xor (local.get $crc) (i64.load8_u (local.get $data))))
    (local.set $crc (i64.xor (i64.shr_u (local.get $crc) (i64.const 8)) ${entry(0, 0)}))
    (local.set $data (i32.add (local.get $data) (i32.const 1)))
    (local.set $length (i32.sub (local.get $length) (i32.const 1)))
    (br $next)))
  (local.get $crc))`
}
