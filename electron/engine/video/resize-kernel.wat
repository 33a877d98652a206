;; The two passes of resize-bicubic.ts on 8-bit RGB, four or sixteen bytes at a time. Sums are 32-bit fixed point with 22
;; bits behind the point and begin at one half. Both passes read and write up to 15 bytes beyond the pixels.
(module
  (memory (export "memory") 1)

  ;; Every row becomes outWidth pixels wide. All pointers are in bytes.
  (func (export "rows")
    (param $source i32) (param $target i32) (param $rowBytes i32) (param $height i32) (param $outWidth i32)
    (param $taps i32) (param $starts i32) (param $counts i32) (param $weights i32)
    (local $y i32) (local $x i32) (local $from i32) (local $weight i32) (local $end i32) (local $sum v128)
    (loop $eachRow
      (local.set $x (i32.const 0))
      (loop $eachPixel
        (local.set $from (i32.add (local.get $source) (i32.mul (i32.const 3)
          (i32.load (i32.add (local.get $starts) (i32.shl (local.get $x) (i32.const 2)))))))
        (local.set $weight (i32.add (local.get $weights)
          (i32.shl (i32.mul (local.get $x) (local.get $taps)) (i32.const 2))))
        (local.set $end (i32.add (local.get $weight) (i32.shl
          (i32.load (i32.add (local.get $counts) (i32.shl (local.get $x) (i32.const 2)))) (i32.const 2))))
        (local.set $sum (v128.const i32x4 2097152 2097152 2097152 2097152))
        (loop $eachTap
          (local.set $sum (i32x4.add (local.get $sum) (i32x4.mul
            (i32x4.extend_low_i16x8_u (i16x8.extend_low_i8x16_u (v128.load32_zero (local.get $from))))
            (v128.load32_splat (local.get $weight)))))
          (local.set $from (i32.add (local.get $from) (i32.const 3)))
          (local.set $weight (i32.add (local.get $weight) (i32.const 4)))
          (br_if $eachTap (i32.lt_u (local.get $weight) (local.get $end))))
        (local.set $sum (i32x4.shr_s (local.get $sum) (i32.const 22)))
        (local.set $sum (i16x8.narrow_i32x4_s (local.get $sum) (local.get $sum)))
        (v128.store32_lane 0 (local.get $target)
          (i8x16.narrow_i16x8_u (local.get $sum) (local.get $sum)))
        (local.set $target (i32.add (local.get $target) (i32.const 3)))
        (local.set $x (i32.add (local.get $x) (i32.const 1)))
        (br_if $eachPixel (i32.lt_u (local.get $x) (local.get $outWidth))))
      (local.set $source (i32.add (local.get $source) (local.get $rowBytes)))
      (local.set $y (i32.add (local.get $y) (i32.const 1)))
      (br_if $eachRow (i32.lt_u (local.get $y) (local.get $height)))))

  ;; Every column becomes outHeight pixels high.
  (func (export "columns")
    (param $source i32) (param $target i32) (param $rowBytes i32) (param $outHeight i32)
    (param $taps i32) (param $starts i32) (param $counts i32) (param $weights i32)
    (local $y i32) (local $byte i32) (local $first i32) (local $from i32) (local $weight i32) (local $begin i32) (local $end i32)
    (local $bytes v128) (local $words v128) (local $factor v128)
    (local $a v128) (local $b v128) (local $c v128) (local $d v128)
    (loop $eachRow
      (local.set $first (i32.add (local.get $source) (i32.mul (local.get $rowBytes)
        (i32.load (i32.add (local.get $starts) (i32.shl (local.get $y) (i32.const 2)))))))
      (local.set $begin (i32.add (local.get $weights)
        (i32.shl (i32.mul (local.get $y) (local.get $taps)) (i32.const 2))))
      (local.set $end (i32.add (local.get $begin) (i32.shl
        (i32.load (i32.add (local.get $counts) (i32.shl (local.get $y) (i32.const 2)))) (i32.const 2))))
      (local.set $byte (i32.const 0))
      (loop $eachBlock
        (local.set $from (i32.add (local.get $first) (local.get $byte)))
        (local.set $weight (local.get $begin))
        (local.set $a (v128.const i32x4 2097152 2097152 2097152 2097152))
        (local.set $b (local.get $a))
        (local.set $c (local.get $a))
        (local.set $d (local.get $a))
        (loop $eachTap
          (local.set $factor (v128.load32_splat (local.get $weight)))
          (local.set $bytes (v128.load (local.get $from)))
          (local.set $words (i16x8.extend_low_i8x16_u (local.get $bytes)))
          (local.set $a (i32x4.add (local.get $a)
            (i32x4.mul (i32x4.extend_low_i16x8_u (local.get $words)) (local.get $factor))))
          (local.set $b (i32x4.add (local.get $b)
            (i32x4.mul (i32x4.extend_high_i16x8_u (local.get $words)) (local.get $factor))))
          (local.set $words (i16x8.extend_high_i8x16_u (local.get $bytes)))
          (local.set $c (i32x4.add (local.get $c)
            (i32x4.mul (i32x4.extend_low_i16x8_u (local.get $words)) (local.get $factor))))
          (local.set $d (i32x4.add (local.get $d)
            (i32x4.mul (i32x4.extend_high_i16x8_u (local.get $words)) (local.get $factor))))
          (local.set $from (i32.add (local.get $from) (local.get $rowBytes)))
          (local.set $weight (i32.add (local.get $weight) (i32.const 4)))
          (br_if $eachTap (i32.lt_u (local.get $weight) (local.get $end))))
        (v128.store (i32.add (local.get $target) (local.get $byte))
          (i8x16.narrow_i16x8_u
            (i16x8.narrow_i32x4_s
              (i32x4.shr_s (local.get $a) (i32.const 22)) (i32x4.shr_s (local.get $b) (i32.const 22)))
            (i16x8.narrow_i32x4_s
              (i32x4.shr_s (local.get $c) (i32.const 22)) (i32x4.shr_s (local.get $d) (i32.const 22)))))
        (local.set $byte (i32.add (local.get $byte) (i32.const 16)))
        (br_if $eachBlock (i32.lt_u (local.get $byte) (local.get $rowBytes))))
      (local.set $target (i32.add (local.get $target) (local.get $rowBytes)))
      (local.set $y (i32.add (local.get $y) (i32.const 1)))
      (br_if $eachRow (i32.lt_u (local.get $y) (local.get $outHeight))))))
