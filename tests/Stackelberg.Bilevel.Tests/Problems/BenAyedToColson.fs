/// Problems of BOLIBver2 (Zhou, Zemkoho, Tin): Ben-Ayed to Colson.
module internal Stackelberg.Bilevel.Tests.BenAyedToColson

open Stackelberg

/// The constraints that Candler and Townsley's follower, and Calvete and Gale's, have.
let private candlerTownsley (x: Tensor) (y: Tensor) = [
    y[1] - y[0] + y[2] - 1
    2 * x[0] - y[0] + 2 * y[1] - y[2] / 2 - 1
    2 * x[1] + 2 * y[0] - y[1] - y[2] / 2 - 1
]

let problems = [
    {
        optimal "BenAyedBlair1990a" "Ben-Ayed, Blair 1990" (-2.5, -5.0) [ 1.0 ] [ 1.0; 1.0 ] with
            F = fun x y -> -1.5 * x[0] - 6 * y[0] - y[1]
            f = fun _ y -> -y[0] - 5 * y[1]
            G = scalarRows (fun x _ -> [ -x; x - 1 ])
            g = rows (fun x y -> [ x[0] + 3 * y[0] + y[1] - 5; 2 * x[0] + y[0] + 3 * y[1] - 5; -y ])
    }
    {
        optimal "BenAyedBlair1990b" "Ben-Ayed, Blair 1990" (-6.0, 5.0) [ 3.0 ] [ 4.0 ] with
            F = scalar (fun x y -> -x - y)
            f = scalar (fun _ y -> y)
            G = scalarRows (fun x _ -> [ -x ])
            g = scalarRows (fun x y -> [ 19 - 4 * x - 3 * y; x + 2 * y - 11; 3 * x + y - 13; -y ])
    }
    {
        optimal "BialasKarwan1984a" "Bialas, Karwan 1984" (-2.0, -0.5) [ 1.0 ] [ 1.0; 1.0 ] with
            F = fun x y -> -x[0] - y[1]
            f = fun _ y -> -y[1]
            G = scalarRows (fun x _ -> [ -x ])
            g =
                rows (fun x y -> [
                    x[0] + y[0] + y[1] - 3
                    1 - x[0] - y[0] + y[1]
                    y[0] + y[1] - x[0] - 1
                    x[0] - y[0] + y[1] - 1
                    y[1] - 0.5
                    -y
                ])
    }
    {
        optimal "BialasKarwan1984b" "Bialas, Karwan 1984" (-11.0, 11.0) [ 10.0 ] [ 14.0 ] with
            F = scalar (fun _ y -> -y)
            f = scalar (fun _ y -> y)
            G = scalarRows (fun x _ -> [ -x ])
            g =
                scalarRows (fun x y -> [
                    10 - x - 2 * y
                    x + 2 * y - 38
                    2 * y - x - 18
                    x - 2 * y - 6
                    2 * x - y - 21
                    -y
                ])
    }
    {
        optimal "CalamaiVicente1994a" "Calamai, Vicente 1994" (0.0, 0.0) [ 1.0 ] [ 1.0 ] with
            F = scalar (fun x y -> (x - 1) ** 2 / 2 + y ** 2 / 2)
            f = scalar (fun x y -> y / 2 - x * y)
            g = scalarRows (fun x y -> [ x - y - 1 ])
            h = scalarRows (fun x y -> [ x + y - 1 ])
    }
    // The collection's start has a seventh number, which belongs to no variable.
    {
        optimal "CalamaiVicente1994b" "Calamai, Vicente 1994" (0.3125, -0.4063) (fill 4 1.0) [ 1.0; 1.0 ] with
            F = fun x y -> squared (x - 1) / 2 + squared y / 2
            f = fun x y -> squared y / 2 - Tensor.dot x[..1] y
            g = rows (fun x y -> [ x[..1] - y - 1; x[..1] + y - vector [ 1.5; 3.0 ]; 1 - x[..1] - y ])
    }
    {
        optimal "CalamaiVicente1994c" "Calamai, Vicente 1994" (0.3125, -0.4063) (fill 4 1.0) [ 1.0; 1.0 ] with
            F =
                fun x y ->
                    let curvature =
                        matrix [
                            [ 197.2; 32.4; -129.6; -43.2 ]
                            [ 32.4; 110.8; -43.2; -14.4 ]
                            [ -129.6; -43.2; 302.8; -32.4 ]
                            [ -43.2; -14.4; -32.4; 389.2 ]
                        ]

                    Tensor.dot x (Tensor.matmul curvature x) / 2 + 50 * squared y
                    - Tensor.dot (vector [ 8.56; 9.52; 9.92; 16.64 ]) x
                    + 2
            f =
                fun x y ->
                    let cross = matrix [ [ 132.4; 10.8; -43.2; -14.4 ]; [ 10.8; 103.6; -14.4; -4.8 ] ]
                    50 * squared y - Tensor.dot y (Tensor.matmul cross x)
            g =
                rows (fun x y ->
                    let mixed =
                        Tensor.matmul
                            (matrix [ [ 13.24; 1.08; -4.32; -1.44 ]; [ 1.08; 10.36; -1.44; -0.48 ] ])
                            x

                    [ mixed - 10 * y - 1; mixed + 10 * y - vector [ 1.5; 3.0 ]; 1 - mixed - 10 * y ])
    }
    {
        optimal "CalveteGale1999P1" "Calvete, Gale 1999, P1" (-29.2, 0.31) [ 0.0; 0.5 ] [ 0.0; 0.5; 0.0 ] with
            F = fun x y -> -8 * x[0] - 4 * x[1] + 4 * y[0] - 40 * y[1] - 4 * y[2]
            f =
                fun x y ->
                    (1 + x[0] + x[1] + 2 * y[0] - y[1] + y[2])
                    / (6 + 2 * x[0] + y[0] + y[1] - 3 * y[2])
            G = rows (fun x _ -> [ -x ])
            g = rows (fun x y -> -y :: candlerTownsley x y)
    }
    {
        optimal "CandlerTownsley1982" "Candler, Townsley 1982" (-29.2, 3.2) [ 1.0; 1.0 ] [ 1.0; 1.0; 1.0 ] with
            F = fun x y -> -8 * x[0] - 4 * x[1] + 4 * y[0] - 40 * y[1] - 4 * y[2]
            f = fun x y -> x[0] + 2 * x[1] + y[0] + y[1] + 2 * y[2]
            G = rows (fun x _ -> [ -x ])
            g = rows (fun x y -> candlerTownsley x y @ [ -y ])
    }
    {
        optimal "ClarkWesterberg1988" "Clark, Westerberg 1988" (-37.0, 14.0) [ 20.0 ] [ 0.0 ] with
            F = scalar (fun x y -> x - 4 * y)
            f = scalar (fun _ y -> y)
            g = scalarRows (fun x y -> [ y - 2 * x; 2 * x + 5 * y - 108; 2 * x - 3 * y + 4 ])
    }
    {
        optimal "ClarkWesterberg1990a" "Clark, Westerberg 1990" (5.0, 4.0) [ 1.0 ] [ 1.0 ] with
            F = scalar (fun x y -> (x - 3) ** 2 + (y - 2) ** 2)
            f = scalar (fun _ y -> (y - 5) ** 2)
            G = scalarRows (fun x _ -> [ x - 8; -x ])
            g = scalarRows (fun x y -> [ y - 2 * x - 1; x - 2 * y + 2; x + 2 * y - 14 ])
    }
    {
        optimal "ClarkWesterberg1990b" "Clark, Westerberg 1990" (-13.0, -4.0) [ 1.0 ] [ 1.0; 1.0 ] with
            F = fun x y -> -x[0] - 3 * y[0] + 2 * y[1]
            f = fun _ y -> -y[0]
            G = scalarRows (fun x _ -> [ -x; x - 8 ])
            g =
                rows (fun x y -> [
                    -y[0]
                    y[0] - 4
                    y[0] - 2 * x[0] + 4 * y[1] - 16
                    8 * x[0] + 3 * y[0] - 2 * y[1] - 48
                    y[0] - 2 * x[0] - 3 * y[1] + 12
                ])
    }
    {
        optimal "Colson2002BIPA1" "Colson 2002, BIPA 1" (250.0, 0.0) [ 10.0 ] [ 10.0 ] with
            F = scalar (fun x y -> (10 - x) ** 3 + (10 - y) ** 3)
            f = scalar (fun x y -> (x + 2 * y - 15) ** 4)
            G = scalarRows (fun x y -> [ x - 5; y - x; -x ])
            g = scalarRows (fun x y -> [ x + y - 20; y - 20; -y ])
    }
    {
        bestKnown "Colson2002BIPA2" "Colson 2002, BIPA 2" (17.0, 2.0) [ 4.0 ] [ 0.0 ] with
            F = scalar (fun x y -> (x - 5) ** 2 + (2 * y + 1) ** 2)
            f = scalar (fun x y -> (y - 1) ** 2 - 1.5 * x * y + x ** 3)
            G = scalarRows (fun x _ -> [ -x ])
            g = scalarRows (fun x y -> [ y - 3 * x + 3; x - y / 2 - 4; x + y - 7; -y ])
    }
    {
        bestKnown "Colson2002BIPA3" "Colson 2002, BIPA 3" (2.0, 24.02) [ 4.0 ] [ 0.0 ] with
            F = scalar (fun x y -> (x - 5) ** 4 + (2 * y + 1) ** 4)
            f = scalar (fun x y -> exp (y - x) + x ** 2 + 2 * x * y + y ** 2 + 2 * x + 6 * y)
            G = scalarRows (fun x y -> [ x + y - 4; -x ])
            g = scalarRows (fun x y -> [ y - x - 2; -y ])
    }
    {
        bestKnown "Colson2002BIPA4" "Colson 2002, BIPA 4" (88.79, -0.77) [ 1.5 ] [ 2.25 ] with
            F = scalar (fun x y -> x ** 2 + (y - 10) ** 2)
            f = scalar (fun x y -> x ** 3 - x ** 2 + x + 2 * y ** 3 - 2 * y)
            G = scalarRows (fun x y -> [ x + 2 * y - 6; -x ])
            g = scalarRows (fun x y -> [ 2 * y - x - 3; -y ])
    }
    {
        bestKnown "Colson2002BIPA5" "Colson 2002, BIPA 5" (2.75, 0.57) [ 1.0 ] [ 1.0; 1.0 ] with
            F = fun x y -> (x[0] - y[1]) ** 4 + (y[0] - 1) ** 2 + (y[0] - y[1]) ** 2
            f = fun x y -> 2 * x[0] + exp y[0] + y[0] ** 2 + 4 * y[0] + 2 * y[1] ** 2 - 6 * y[1]
            G = scalarRows (fun x _ -> [ -x ])
            g =
                rows (fun x y -> [
                    6 * x[0] + y[0] ** 2 + exp y[1] - 15
                    5 * x[0] + y[0] ** 4 - y[1] - 25
                    y[0] - 4
                    y[1] - 2
                    -y
                ])
    }
]
