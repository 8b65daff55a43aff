/// Problems of BOLIBver2 (Zhou, Zemkoho, Tin): Nie, Wang, Ye 2017 and Outrata 1990.
module internal Stackelberg.Bilevel.Tests.NieToOutrata1990

open Stackelberg

/// How far the answer is from (3, 4).
let private missed (y: Tensor) = squared (y - vector [ 3.0; 4.0 ]) / 2

/// 0.333 is Outrata's number, and 1.333 too.
let private wedge =
    rows (fun _ y -> [ y[1] - 0.333 * y[0] - 2; y[0] - 0.333 * y[1] - 2; -y ])

/// Ex. 1: a quadratic cost of the follower with x in its linear part.
let private first name letter best (price: float) curvature (cross: float list list) x =
    let curvature, cross = matrix curvature, matrix cross

    {
        bestKnown name $"Outrata 1990, Ex. 1{letter}" best x [ 3.0; 3.0 ] with
            F = fun x y -> price * squared x + missed y - 12.5
            f =
                fun x y ->
                    Tensor.dot y (Tensor.matmul curvature y) / 2
                    - Tensor.dot y (Tensor.matmul cross x)
            g = wedge
    }

let private identity = [ [ 1.0; 0.0 ]; [ 0.0; 1.0 ] ]
let private curved = [ [ 1.0; 3.0 ]; [ 3.0; 10.0 ] ]

/// Ex. 2: x in the follower's curvatures, or in its constraints.
let private second name letter best start (curvatures: Tensor -> Tensor * Tensor) constraints =
    let at = List.item

    {
        bestKnown name $"Outrata 1990, Ex. 2{letter}" best [ at 0 start ] [ at 1 start; at 2 start ] with
            F = fun _ y -> missed y
            f =
                fun x y ->
                    let first, other = curvatures x[0]

                    (first * y[0] ** 2 + other * y[1] ** 2) / 2
                    - (3 + 1.333 * x[0]) * y[0]
                    - x[0] * y[1]
            G = scalarRows (fun x _ -> [ -x ])
            g = constraints
    }

let private moving =
    rows (fun x y -> [
        (0.1 * x[0] - 0.333) * y[0] + y[1] - x[0]
        y[0] - (0.333 + 0.1 * x[0]) * y[1] - 2
        -y
    ])

let private one = Tensor.scalar 1.0

let problems = [
    {
        optimal "NieWangYe2017Ex34" "Nie, Wang, Ye 2017, Ex. 3.4" (2.0, 0.0) [ 1.0 ] [ 1.0; 1.0 ] with
            F = fun x y -> x[0] + Tensor.sum y
            f = fun x y -> x[0] * Tensor.sum y
            G = scalarRows (fun x _ -> [ 2 - x; x - 3 ])
            g = rows (fun _ y -> [ y[1] ** 2 - y[0] ** 2 + squared y ** 2; -y[0] ])
    }
    {
        optimal "NieWangYe2017Ex52" "Nie, Wang, Ye 2017, Ex. 5.2" (-1.71, -2.232) [ 1.0; 1.0 ] (fill 3 1.0) with
            F = fun x y -> x[0] * y[0] + x[1] * y[1] + x[0] * x[1] * y[0] * y[1] * y[2]
            f = fun x y -> x[0] * y[0] ** 2 + x[1] ** 2 * y[1] * y[2] - y[0] * y[2] ** 2
            G = rows (fun x y -> [ -x - 1; x - 1; y[0] * y[1] - x[0] ** 2 ])
            g = rows (fun _ y -> [ 1 - squared y; squared y - 2 ])
    }
    {
        optimal "NieWangYe2017Ex54" "Nie, Wang, Ye 2017, Ex. 5.4" (-0.437, -1.19) (fill 4 1.0) (fill 4 1.0) with
            F = fun x y -> x[0] ** 2 * y[0] + x[1] * y[1] + x[2] * y[2] ** 2 + x[3] * y[3] ** 2
            f = fun x y -> y[0] ** 2 - y[1] * (x[0] + x[1]) - (y[2] + y[3]) * (x[2] + x[3])
            G = rows (fun x y -> [ squared x - 1; y[0] * y[1] - x[0]; y[2] * y[3] - x[2] ** 2 ])
            g = rows (fun _ y -> [ squared y - 1; squared y[1..] - y[0] ])
    }
    {
        bestKnown "NieWangYe2017Ex57" "Nie, Wang, Ye 2017, Ex. 5.7" (-2.0, -1.0) [ 1.0; 1.0 ] (fill 3 1.0) with
            F = fun x y -> x[0] ** 2 * y[0] / 2 + x[1] * y[1] ** 2 - (x[0] + x[1] ** 2) * y[2]
            f = fun x y -> x[1] * (y[0] * y[1] * y[2] + y[1] ** 2 - y[2] ** 3)
            G = rows (fun x y -> [ x - 1; -x - 1; x[0] ** 2 - Tensor.sum x + y[0] ** 2 + y[1] ** 2 ])
            g = rows (fun x y -> [ squared y - x[0]; 2 * y[1] * y[2] - 1 ])
    }
    {
        bestKnown "NieWangYe2017Ex58" "Nie, Wang, Ye 2017, Ex. 5.8" (-3.488, -0.862) [
            0.5442
            0.4682
            0.4904
            0.4942
        ] [ -0.7792; -0.5034; -0.2871; -0.1855 ] with
            F = fun x y -> Tensor.sum x * Tensor.sum y
            f = fun x y -> x[0] * y[0] + x[1] * y[1] + 0.1 * y[2] + 0.5 * y[3] - y[2] * y[3]
            G = rows (fun x y -> [ squared x - 1; y[2] ** 2 - x[3]; y[1] * y[3] - x[0] ])
            g =
                rows (fun x y -> [
                    Tensor.dot (vector [ 1.0; 2.0; 3.0; 4.0 ]) (y ** 2)
                    - x[0] ** 2
                    - x[1]
                    - x[2] ** 2
                    - x[3]
                    y[1] * y[2] - y[0] * y[3]
                ])
    }
    {
        bestKnown "NieWangYe2017Ex61" "Nie, Wang, Ye 2017, Ex. 6.1" (-1.022, -1.084) [ 1.0; -1.0 ] [
            -1.0
            1.0
        ] with
            F = fun x y -> y[0] ** 3 * (x[0] ** 2 - 3 * x[0] * x[1]) - y[0] ** 2 * y[1] + y[1] * x[1] ** 3
            f = fun x y -> y[0] * y[1] ** 2 - y[1] ** 3 - y[0] ** 2 * (x[1] - x[0] ** 2)
            G = rows (fun x y -> [ x - 1; -x - 1; y[0] * (x[0] ** 2 - 1) - y[1] ])
            g = rows (fun _ y -> [ squared y - 1 ])
    }
    first "Outrata1990Ex1a" "a" (-8.92, -6.05) 0.1 [ [ 1.0; -2.0 ]; [ -2.0; 5.0 ] ] identity [ 0.0; 0.0 ]
    first "Outrata1990Ex1b" "b" (-7.56, -0.58) 1.0 [ [ 1.0; -2.0 ]; [ -2.0; 5.0 ] ] identity [ 0.0; 0.0 ]
    first "Outrata1990Ex1c" "c" (-12.0, -112.71) 0.0 curved identity [ 0.0; 0.0 ]
    first "Outrata1990Ex1d" "d" (-3.6, -2.0) 0.1 curved identity [ 6.0; -3.0 ]
    first "Outrata1990Ex1e" "e" (-3.15, -16.29) 0.1 curved [ [ -1.0; 2.0 ]; [ 3.0; -3.0 ] ] [ 6.0; -3.0 ]
    second "Outrata1990Ex2a" "a" (0.5, -14.53) [ 1.0; 1.0; 1.0 ] (fun _ -> one, one) wedge
    second "Outrata1990Ex2b" "b" (0.5, -4.5) [ 5.0; 0.0; 0.0 ] (fun x -> 1 + x, Tensor.scalar 0.0) wedge
    second "Outrata1990Ex2c" "c" (1.86, -10.931) (fill 3 0.0) (fun x -> 1 + x, 1 + 0.1 * x) wedge
    second "Outrata1990Ex2d" "d" (0.92, -19.47) (fill 3 0.0) (fun _ -> one, one) moving
    second "Outrata1990Ex2e" "e" (0.9, -14.94) (fill 3 0.0) (fun x -> 1 + x, one) moving
]
