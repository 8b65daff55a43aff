/// Problems of BOLIBver2 (Zhou, Zemkoho, Tin): Mitsos and Barton 2006, Ex. 3.1 to 3.17; those up to 3.6 do not have the
/// leader's variable in any function.
module internal Stackelberg.Bilevel.Tests.MitsosBartonUpTo317

open Stackelberg

let private box = scalarRows (fun _ y -> [ -y - 1; y - 1 ])
let private leaderBox = scalarRows (fun x _ -> [ -x - 1; x - 1 ])

/// The follower's cost of Ex. 3.5, 3.10 and 3.11: two hollows, at 1/2 and below.
let private hollows (y: Tensor) =
    16 * y ** 4 + 2 * y ** 3 - 8 * y ** 2 - 1.5 * y + 0.5

let problems = [
    {
        optimal "MitsosBarton2006Ex31" "Mitsos, Barton 2006, Ex. 3.1" (1.0, -1.0) [ -1.0 ] [ -1.0 ] with
            F = scalar (fun _ y -> y)
            f = scalar (fun _ y -> -y)
            G = box
            g = box
    }
    // No y is feasible for both players: the problem has no solution.
    {
        unknown "MitsosBarton2006Ex32" "Mitsos, Barton 2006, Ex. 3.2" [ -1.0 ] [ -1.0 ] with
            F = scalar (fun _ y -> y)
            f = scalar (fun _ y -> -y)
            G = scalarRows (fun _ y -> [ -y - 1; y - 1; y ])
            g = box
    }
    {
        optimal "MitsosBarton2006Ex33" "Mitsos, Barton 2006, Ex. 3.3" (-1.0, 1.0) [ -10.0 ] [ -10.0 ] with
            F = scalar (fun _ y -> y)
            f = scalar (fun _ y -> y ** 2)
            G = scalarRows (fun _ y -> [ -y - 10; y - 10 ])
            g = scalarRows (fun _ y -> [ 1 - y ** 2; -y - 10; y - 10 ])
    }
    {
        optimal "MitsosBarton2006Ex34" "Mitsos, Barton 2006, Ex. 3.4" (1.0, -1.0) [ -0.5 ] [ -0.5 ] with
            F = scalar (fun _ y -> y)
            f = scalar (fun _ y -> -(y ** 2))
            G = scalarRows (fun _ y -> [ -y - 0.5; y - 1 ])
            g = scalarRows (fun _ y -> [ -y - 0.5; y - 1 ])
    }
    {
        optimal "MitsosBarton2006Ex35" "Mitsos, Barton 2006, Ex. 3.5" (0.5, -1.0) [ -1.0 ] [ -1.0 ] with
            F = scalar (fun _ y -> y)
            f = scalar (fun _ y -> hollows y)
            G = box
            g = box
    }
    {
        optimal "MitsosBarton2006Ex36" "Mitsos, Barton 2006, Ex. 3.6" (-1.0, -1.0) [ 1.0 ] [ 1.0 ] with
            F = scalar (fun _ y -> y)
            f = scalar (fun _ y -> y ** 3)
            G = box
            g = box
    }
    {
        optimal "MitsosBarton2006Ex38" "Mitsos, Barton 2006, Ex. 3.8" (0.0, 0.0) [ 1.0 ] [ 1.0 ] with
            F = scalar (fun _ y -> y ** 2)
            f = scalar (fun x y -> (x + exp x) * y)
            G = scalarRows (fun x y -> [ -x - 1; x - 1; -y - 0.1; y - 0.1 ])
            g = box
    }
    {
        optimal "MitsosBarton2006Ex39" "Mitsos, Barton 2006, Ex. 3.9" (-1.0, -1.0) [ 1.0 ] [ 1.0 ] with
            F = scalar (fun x _ -> x)
            f = scalar (fun _ y -> y ** 3)
            G = scalarRows (fun x y -> [ y - x; -x - 10; x - 10 ])
            g = box
    }
    {
        optimal "MitsosBarton2006Ex310" "Mitsos, Barton 2006, Ex. 3.10" (0.5, -0.1) [ 1.0 ] [ 1.0 ] with
            F = scalar (fun _ y -> y)
            f = scalar (fun x y -> x * hollows y)
            G = scalarRows (fun x _ -> [ 0.1 - x; x - 1 ])
            g = box
    }
    {
        optimal "MitsosBarton2006Ex311" "Mitsos, Barton 2006, Ex. 3.11" (-0.8, 0.0) [ 1.0 ] [ 1.0 ] with
            F = scalar (fun _ y -> y)
            f = scalar (fun x y -> x * hollows y)
            G = leaderBox
            g = scalarRows (fun _ y -> [ -y - 0.8; y - 1 ])
    }
    {
        optimal "MitsosBarton2006Ex312" "Mitsos, Barton 2006, Ex. 3.12" (0.0, 0.0) [ 1.0 ] [ 1.0 ] with
            F = scalar (fun x y -> -x + x * y + 10 * y ** 2)
            f = scalar (fun x y -> y ** 4 / 2 - x * y ** 2)
            G = leaderBox
            g = box
    }
    {
        optimal "MitsosBarton2006Ex313" "Mitsos, Barton 2006, Ex. 3.13" (-1.0, 0.0) [ 1.0 ] [ 1.0 ] with
            F = scalar (fun x y -> x - y)
            f = scalar (fun x y -> x * y ** 2 / 2 - x ** 3 * y)
            G = leaderBox
            g = box
    }
    {
        optimal "MitsosBarton2006Ex314" "Mitsos, Barton 2006, Ex. 3.14" (0.25, -0.0833333333333333) [ 1.0 ] [
            1.0
        ] with
            F = scalar (fun x y -> (x - 0.25) ** 2 + y ** 2)
            f = scalar (fun x y -> y ** 3 / 3 - x * y)
            G = leaderBox
            g = box
    }
    {
        optimal "MitsosBarton2006Ex315" "Mitsos, Barton 2006, Ex. 3.15" (0.0, -0.83) [ 1.0 ] [ 1.0 ] with
            F = scalar (fun x y -> x + y)
            f = scalar (fun x y -> x * y ** 2 / 2 - y ** 3 / 3)
            G = leaderBox
            g = box
    }
    {
        optimal "MitsosBarton2006Ex316" "Mitsos, Barton 2006, Ex. 3.16" (-2.0, 0.0) [ 1.0 ] [ 1.0 ] with
            F = scalar (fun x y -> 2 * x + y)
            f = scalar (fun x y -> -x * y ** 2 / 2 - y ** 4 / 4)
            G = leaderBox
            g = box
    }
    {
        optimal "MitsosBarton2006Ex317" "Mitsos, Barton 2006, Ex. 3.17" (0.1875, -0.015625) [ 1.0 ] [ 1.0 ] with
            F = scalar (fun x y -> (x + 0.5) ** 2 + y ** 2 / 2)
            f = scalar (fun x y -> x * y ** 2 / 2 + y ** 4 / 4)
            G = leaderBox
            g = box
    }
]
