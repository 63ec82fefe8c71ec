;; CRC-64 of any reflected polynomial; crc64-hasher.ts says how. All addresses and distances are in bytes.
;;
;; `npm run assemble -w @carryon/hash` makes crc64-module.ts of it.
(module
  ;; 0: eight tables of 256 i64; what lies behind is the caller's.
  (memory (export "memory") 3)

  ;; To each word from $at to $end, four at a time, adds the seven words that lie $s1 … $s7 before it. $end - $at is a
  ;; multiple of 32, and not 0; each distance is 32 or more.
  (func (export "fold")
    (param $at i32) (param $end i32)
    (param $s1 i32) (param $s2 i32) (param $s3 i32) (param $s4 i32) (param $s5 i32) (param $s6 i32) (param $s7 i32)
    (local $p1 i32) (local $p2 i32) (local $p3 i32) (local $p4 i32) (local $p5 i32) (local $p6 i32) (local $p7 i32)
    (loop $next
      (local.set $p1 (i32.sub (local.get $at) (local.get $s1)))
      (local.set $p2 (i32.sub (local.get $at) (local.get $s2)))
      (local.set $p3 (i32.sub (local.get $at) (local.get $s3)))
      (local.set $p4 (i32.sub (local.get $at) (local.get $s4)))
      (local.set $p5 (i32.sub (local.get $at) (local.get $s5)))
      (local.set $p6 (i32.sub (local.get $at) (local.get $s6)))
      (local.set $p7 (i32.sub (local.get $at) (local.get $s7)))
      (i64.store (local.get $at)
        (i64.xor (i64.load (local.get $p1))
        (i64.xor (i64.load (local.get $p2))
        (i64.xor (i64.load (local.get $p3))
        (i64.xor (i64.load (local.get $p4))
        (i64.xor (i64.load (local.get $p5))
        (i64.xor (i64.load (local.get $p6))
        (i64.xor (i64.load (local.get $p7))
        (i64.load (local.get $at))))))))))
      (i64.store offset=8 (local.get $at)
        (i64.xor (i64.load offset=8 (local.get $p1))
        (i64.xor (i64.load offset=8 (local.get $p2))
        (i64.xor (i64.load offset=8 (local.get $p3))
        (i64.xor (i64.load offset=8 (local.get $p4))
        (i64.xor (i64.load offset=8 (local.get $p5))
        (i64.xor (i64.load offset=8 (local.get $p6))
        (i64.xor (i64.load offset=8 (local.get $p7))
        (i64.load offset=8 (local.get $at))))))))))
      (i64.store offset=16 (local.get $at)
        (i64.xor (i64.load offset=16 (local.get $p1))
        (i64.xor (i64.load offset=16 (local.get $p2))
        (i64.xor (i64.load offset=16 (local.get $p3))
        (i64.xor (i64.load offset=16 (local.get $p4))
        (i64.xor (i64.load offset=16 (local.get $p5))
        (i64.xor (i64.load offset=16 (local.get $p6))
        (i64.xor (i64.load offset=16 (local.get $p7))
        (i64.load offset=16 (local.get $at))))))))))
      (i64.store offset=24 (local.get $at)
        (i64.xor (i64.load offset=24 (local.get $p1))
        (i64.xor (i64.load offset=24 (local.get $p2))
        (i64.xor (i64.load offset=24 (local.get $p3))
        (i64.xor (i64.load offset=24 (local.get $p4))
        (i64.xor (i64.load offset=24 (local.get $p5))
        (i64.xor (i64.load offset=24 (local.get $p6))
        (i64.xor (i64.load offset=24 (local.get $p7))
        (i64.load offset=24 (local.get $at))))))))))
      (local.set $at (i32.add (local.get $at) (i32.const 32)))
      (br_if $next (i32.lt_u (local.get $at) (local.get $end)))))

  ;; Takes back what "fold" added to the words from $first to $end from among these same words: from the last one down,
  ;; for what lies before a word is still as "fold" found it then. The distances are in falling order.
  (func (export "unfold")
    (param $first i32) (param $end i32)
    (param $s1 i32) (param $s2 i32) (param $s3 i32) (param $s4 i32) (param $s5 i32) (param $s6 i32) (param $s7 i32)
    (loop $next
      (local.set $end (i32.sub (local.get $end) (i32.const 8)))
      (block $done
        (br_if $done (i32.lt_s (i32.sub (local.get $end) (local.get $s7)) (local.get $first)))
        (i64.store (local.get $end)
          (i64.xor (i64.load (local.get $end)) (i64.load (i32.sub (local.get $end) (local.get $s7)))))
        (br_if $done (i32.lt_s (i32.sub (local.get $end) (local.get $s6)) (local.get $first)))
        (i64.store (local.get $end)
          (i64.xor (i64.load (local.get $end)) (i64.load (i32.sub (local.get $end) (local.get $s6)))))
        (br_if $done (i32.lt_s (i32.sub (local.get $end) (local.get $s5)) (local.get $first)))
        (i64.store (local.get $end)
          (i64.xor (i64.load (local.get $end)) (i64.load (i32.sub (local.get $end) (local.get $s5)))))
        (br_if $done (i32.lt_s (i32.sub (local.get $end) (local.get $s4)) (local.get $first)))
        (i64.store (local.get $end)
          (i64.xor (i64.load (local.get $end)) (i64.load (i32.sub (local.get $end) (local.get $s4)))))
        (br_if $done (i32.lt_s (i32.sub (local.get $end) (local.get $s3)) (local.get $first)))
        (i64.store (local.get $end)
          (i64.xor (i64.load (local.get $end)) (i64.load (i32.sub (local.get $end) (local.get $s3)))))
        (br_if $done (i32.lt_s (i32.sub (local.get $end) (local.get $s2)) (local.get $first)))
        (i64.store (local.get $end)
          (i64.xor (i64.load (local.get $end)) (i64.load (i32.sub (local.get $end) (local.get $s2)))))
        (br_if $done (i32.lt_s (i32.sub (local.get $end) (local.get $s1)) (local.get $first)))
        (i64.store (local.get $end)
          (i64.xor (i64.load (local.get $end)) (i64.load (i32.sub (local.get $end) (local.get $s1)))))
      )
      (br_if $next (i32.gt_u (local.get $end) (local.get $first)))))

  ;; The CRC that $crc becomes by the bytes from $at to $end: eight at a time by eight tables ("slicing by 8").
  (func (export "table") (param $at i32) (param $end i32) (param $crc i64) (result i64)
    (block $short
      (loop $next
        (br_if $short (i32.lt_u (i32.sub (local.get $end) (local.get $at)) (i32.const 8)))
        (local.set $crc (i64.xor (local.get $crc) (i64.load (local.get $at))))
        (local.set $crc
          (i64.xor (i64.load offset=14336 (i32.shl (i32.and (i32.wrap_i64 (local.get $crc)) (i32.const 0xff)) (i32.const 3)))
          (i64.xor (i64.load offset=12288 (i32.shl (i32.and (i32.wrap_i64 (i64.shr_u (local.get $crc) (i64.const 8))) (i32.const 0xff)) (i32.const 3)))
          (i64.xor (i64.load offset=10240 (i32.shl (i32.and (i32.wrap_i64 (i64.shr_u (local.get $crc) (i64.const 16))) (i32.const 0xff)) (i32.const 3)))
          (i64.xor (i64.load offset=8192 (i32.shl (i32.and (i32.wrap_i64 (i64.shr_u (local.get $crc) (i64.const 24))) (i32.const 0xff)) (i32.const 3)))
          (i64.xor (i64.load offset=6144 (i32.shl (i32.and (i32.wrap_i64 (i64.shr_u (local.get $crc) (i64.const 32))) (i32.const 0xff)) (i32.const 3)))
          (i64.xor (i64.load offset=4096 (i32.shl (i32.and (i32.wrap_i64 (i64.shr_u (local.get $crc) (i64.const 40))) (i32.const 0xff)) (i32.const 3)))
          (i64.xor (i64.load offset=2048 (i32.shl (i32.and (i32.wrap_i64 (i64.shr_u (local.get $crc) (i64.const 48))) (i32.const 0xff)) (i32.const 3)))
          (i64.load (i32.shl (i32.and (i32.wrap_i64 (i64.shr_u (local.get $crc) (i64.const 56))) (i32.const 0xff)) (i32.const 3)))))))))))
        (local.set $at (i32.add (local.get $at) (i32.const 8)))
        (br $next)))
    (block $all
      (loop $next
        (br_if $all (i32.ge_u (local.get $at) (local.get $end)))
        (local.set $crc
          (i64.xor
            (i64.shr_u (local.get $crc) (i64.const 8))
            (i64.load
              (i32.shl
                (i32.and
                  (i32.xor (i32.wrap_i64 (local.get $crc)) (i32.load8_u (local.get $at)))
                  (i32.const 0xff))
                (i32.const 3)))))
        (local.set $at (i32.add (local.get $at) (i32.const 1)))
        (br $next)))
    (local.get $crc)))
