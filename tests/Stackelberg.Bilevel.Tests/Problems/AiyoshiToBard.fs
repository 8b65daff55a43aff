/// Problems of BOLIBver2 (Zhou, Zemkoho, Tin): Aiyoshi to Bard.
module internal Stackelberg.Bilevel.Tests.AiyoshiToBard

open Stackelberg

/// What Bard 1984a and 1984b share.
let private bard1984 =
    scalarRows (fun x y -> [ 2 - x - y / 2; y - x / 4 - 2; x + y / 2 - 8; x - 2 * y - 4; -y ])

let problems = [
    {
        optimal "AiyoshiShimizu1984Ex2" "Aiyoshi, Shimizu 1984, Ex. 2" (5.0, 0.0) [ 10.0; 10.0 ] [
            20.0
            20.0
        ] with
            F = fun x y -> 2 * Tensor.sum x - 3 * Tensor.sum y - 60
            f = fun x y -> squared (y - x + 20)
            G = rows (fun x y -> [ x[0] + x[1] + y[0] - 2 * y[1] - 40; x - 50; -x ])
            g = rows (fun x y -> [ 2 * y - x + 10; -y - 10; y - 20 ])
    }
    {
        optimal "AllendeStill2013" "Allende, Still 2013" (1.0, -0.5) [ 0.0; 0.0 ] [ 0.0; 0.0 ] with
            F = fun x y -> squared (x - 1) + squared y
            f = fun x y -> squared y - 2 * Tensor.dot x y
            G = rows (fun x y -> [ -x; x[0] - 2; -y ])
            g = rows (fun _ y -> [ (y - 1) ** 2 - 0.25 ])
    }
    {
        optimal "AnandalinghamWhite1990" "Anandalingham, White 1990" (-49.0, 15.0) [ 1.0 ] [ 1.0 ] with
            F = scalar (fun x y -> -x - 3 * y)
            f = scalar (fun x y -> 3 * y - x)
            G = scalarRows (fun x _ -> [ -x ])
            g =
                scalarRows (fun x y -> [
                    10 - x - 2 * y
                    x - 2 * y - 6
                    2 * x - y - 21
                    x + 2 * y - 38
                    2 * y - x - 18
                    -y
                ])
    }
    {
        optimal "AnEtal2009" "An et al. 2009" (2251.55, 565.78) [ 1.0; 1.0 ] [ 1.0; 1.0 ] with
            F =
                fun x y ->
                    let z = Tensor.concat 0 [ x; y ]

                    let curvature =
                        matrix [
                            [ -3.8; 4.4; 1.2; -2.2 ]
                            [ 4.4; -2.2; 0.6; 1.8 ]
                            [ 1.2; 0.6; 0.0; 0.4 ]
                            [ -2.2; 1.8; 0.4; 0.0 ]
                        ]

                    Tensor.dot z (Tensor.matmul curvature z) / 2
                    + Tensor.dot (vector [ 935.74474; 87.53654; 121.96196; 299.24825 ]) z
            f =
                fun x y ->
                    let cross = matrix [ [ -17.85; 6.575 ]; [ 30.325; 30.325 ] ]
                    let curvature = matrix [ [ 21.10204; 11.81633 ]; [ 11.81633; -14.44898 ] ]

                    Tensor.dot y (Tensor.matmul cross x + vector [ -18.21053; 13.05263 ])
                    + Tensor.dot y (Tensor.matmul curvature y) / 2
            G =
                rows (fun x y -> [
                    -x
                    -y
                    Tensor.matmul (matrix [ [ 0.0; 3.88889 ]; [ -2.0; 8.77778 ] ]) x
                    + Tensor.matmul (matrix [ [ 4.88889; 7.44444 ]; [ -5.11111; 0.88889 ] ]) y
                    - vector [ 61.57778; 0.8 ]
                ])
            g =
                rows (fun x y ->
                    let ofLeader = [
                        [ 5.0; 7.44444 ]
                        [ -8.33333; 3.0 ]
                        [ -8.66667; -8.55556 ]
                        [ 6.44444; -5.11111 ]
                    ]

                    let ofFollower = [
                        [ 3.88889; 1.77778 ]
                        [ 6.88889; 6.11111 ]
                        [ -5.33333; -7.0 ]
                        [ 1.44444; 4.44444 ]
                    ]

                    [
                        Tensor.matmul (matrix ofLeader) x + Tensor.matmul (matrix ofFollower) y
                        - vector [ 39.62222; 60.0; -72.37778; 17.28889 ]
                    ])
    }
    {
        optimal "Bard1984a" "Bard 1984" (3.11111111111111, -6.66666666666667) [ 1.0 ] [ 1.0 ] with
            F = scalar (fun x y -> x + y)
            f = scalar (fun x y -> -5 * x - y)
            G = scalarRows (fun x _ -> [ -x ])
            g = bard1984
    }
    {
        optimal "Bard1984b" "Bard 1984" (-37.6, 1.6) [ 1.0 ] [ 1.0 ] with
            F = scalar (fun x y -> -5 * x - y)
            f = scalar (fun _ y -> y)
            G = scalarRows (fun x _ -> [ -x ])
            g = bard1984
    }
    {
        optimal "Bard1988Ex1" "Bard 1988, Ex. 1" (17.0, 1.0) [ 4.0 ] [ 0.0 ] with
            F = scalar (fun x y -> (x - 5) ** 2 + (2 * y + 1) ** 2)
            f = scalar (fun x y -> (y - 1) ** 2 - 1.5 * x * y)
            G = scalarRows (fun x _ -> [ -x ])
            g = scalarRows (fun x y -> [ y - 3 * x + 3; x - y / 2 - 4; x + y - 7; -y ])
    }
    {
        optimal "Bard1988Ex2" "Bard 1988, Ex. 2" (-6600.0, 54.0) [ 5.0; 5.0; 15.0; 15.0 ] [
            0.0
            0.0
            0.0
            0.0
        ] with
            F =
                fun _ y ->
                    let first, second = y[0] + y[2], y[1] + y[3]
                    first * (first - 200) + second * (second - 160)
            f = fun _ y -> squared (y - vector [ 4.0; 13.0; 35.0; 2.0 ])
            G = rows (fun x _ -> [ Tensor.sum x - 40; x - vector [ 10.0; 5.0; 15.0; 20.0 ]; -x ])
            g =
                rows (fun x y -> [
                    0.4 * y[0] + 0.7 * y[1] - x[0]
                    0.6 * y[0] + 0.3 * y[1] - x[1]
                    0.4 * y[2] + 0.7 * y[3] - x[2]
                    0.6 * y[2] + 0.3 * y[3] - x[3]
                    y - vector [ 20.0; 20.0; 40.0; 40.0 ]
                    -y
                ])
    }
    {
        optimal "Bard1988Ex3" "Bard 1988, Ex. 3" (-12.68, -1.02) [ 0.0; 2.0 ] [ 4.0; 1.0 ] with
            F = fun x y -> -(x[0] ** 2) - 3 * x[1] - 4 * y[0] + y[1] ** 2
            f = fun x y -> 2 * x[0] ** 2 + y[0] ** 2 - 5 * y[1]
            G = rows (fun x _ -> [ x[0] ** 2 + 2 * x[1] - 4; -x ])
            g =
                rows (fun x y -> [
                    2 * x[0] - squared x + 2 * y[0] - y[1] - 3
                    4 - x[1] - 3 * y[0] + 4 * y[1]
                    -y
                ])
    }
    {
        optimal "Bard1991Ex1" "Bard 1991, Ex. 1" (2.0, 12.0) [ 1.0 ] [ 1.0; 1.0 ] with
            F = fun x y -> x[0] + y[1]
            f = fun x y -> 2 * y[0] + x[0] * y[1]
            G = scalarRows (fun x _ -> [ 2 - x; x - 4 ])
            g = rows (fun x y -> [ x[0] - y[0] - y[1] + 4; -y ])
    }
    {
        optimal "Bard1991Ex2" "Bard 1991, Ex. 2" (-1.0, -1.0) [ 0.0 ] [ 0.0; 0.0 ] with
            F = fun x y -> -x[0] + 10 * y[0] - y[1]
            f = fun _ y -> -(Tensor.sum y)
            G = scalarRows (fun x _ -> [ -x ])
            g = rows (fun x y -> [ x[0] + y - 1; Tensor.sum y - 1; -y ])
    }
    {
        optimal "BardBook1998" "Bard 1998, the book" (0.0, 5.0) [ 1.0; 1.0 ] [ 1.0; 1.0 ] with
            F = fun x y -> squared (y - x + 20)
            f = fun x y -> 2 * Tensor.sum x - 3 * Tensor.sum y - 60
            G = rows (fun x _ -> [ x - 50; -x ])
            g = rows (fun x y -> [ x[0] + x[1] + y[0] - 2 * y[1] - 40; 2 * y - x + 10; y - 20; -y - 10 ])
    }
    {
        optimal "BardFalk1982Ex2" "Bard, Falk 1982, Ex. 2" (-3.25, -4.0) [ 1.0; 1.0 ] [ 1.0; 1.0 ] with
            F = fun x y -> -2 * x[0] + x[1] + y[0] / 2
            f = fun x y -> x[0] + x[1] - 4 * y[0] + y[1]
            G = rows (fun x _ -> [ -x ])
            g =
                rows (fun x y -> [
                    -2 * x[0] + y[0] - y[1] + 2.5
                    x[0] - 3 * x[1] + y[1] - 2
                    x[0] + x[1] - 2
                    -y
                ])
    }
]
