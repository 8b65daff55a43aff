/// Problems of BOLIBver2 (Zhou, Zemkoho, Tin): Mitsos and Barton 2006 from Ex. 3.18 on, Morgan and Patrone, Muu and Quy,
/// network design.
module internal Stackelberg.Bilevel.Tests.MitsosBartonFrom318ToNetworkDesign

open Stackelberg

let private box = scalarRows (fun _ y -> [ -y - 1; y - 1 ])
let private leaderBox = scalarRows (fun x _ -> [ -x - 1; x - 1 ])

/// The follower's cost of Ex. 3.21 and 3.22.
let private quartic =
    scalar (fun x y ->
        y ** 4 + (2 - 2 * x) * y ** 3 / 15 - (0.02 * x ** 2 - 0.16 * x + 0.4) * y ** 2
        + (0.004 * x ** 3 - 0.036 * x ** 2 + 0.08 * x) * y)

/// What Ex. 3.27 and 3.28 share.
let private wide = {
    unknown "" "" (fill 5 1.0) (fill 5 1.0) with
        f =
            fun x y ->
                y[0] ** 3
                + (x[0] + x[1]) * y[1] ** 2
                + y[2] / 10
                + x[2] * x[3] * x[4] * (y[3] ** 2 + y[4] ** 2)
        G = rows (fun x y -> [ -x - 1; x - 1; y[0] * y[1] - x[0]; x[0] - exp x[1] + y[2]; x[1] * y[0] ** 2 ])
        g =
            rows (fun x y -> [
                -y - 1
                y - 1
                y[0] * y[1] - 0.3
                x[0] - 0.2 - y[2] ** 2
                y[3] * y[4] - exp y[2] - 0.1
            ])
}

/// Travellers on five roads, whose capacities the leader adds to: a road's time grows with its flow y over 1 + x.
let private network name best price =
    let slope = vector [ 1.0; 10.0; 1.0; 10.0; 1.0 ]
    let free = vector [ 50.0; 0.0; 10.0; 0.0; 50.0 ]

    {
        bestKnown name "Network design (Marcotte 1986)" best (fill 5 0.0) (fill 5 0.0) with
            F = fun x y -> price * Tensor.sum x + Tensor.dot y (free + slope * y / (1 + x))
            f = fun x y -> Tensor.dot y (free + slope * y / (2 * (1 + x)))
            G = rows (fun x _ -> [ -x - 1 ])
            g = rows (fun _ y -> [ -y ])
            h = rows (fun _ y -> [ y[0] + y[2] + y[4] - 6; y[1] - y[2] - y[4]; y[3] - y[0] - y[2] ])
    }

let problems = [
    {
        optimal "MitsosBarton2006Ex318" "Mitsos, Barton 2006, Ex. 3.18" (-0.25, 0.0) [ 1.0 ] [ 1.0 ] with
            F = scalar (fun x y -> y ** 2 - x ** 2)
            f = scalar (fun x y -> x * y ** 2 - y ** 4 / 2)
            G = leaderBox
            g = box
    }
    {
        optimal "MitsosBarton2006Ex319" "Mitsos, Barton 2006, Ex. 3.19" (-0.258, -0.0178) [ -1.0 ] [ 1.0 ] with
            F = scalar (fun x y -> x * y - y + y ** 2 / 2)
            f = scalar (fun x y -> y ** 4 / 2 - x * y ** 2)
            G = leaderBox
            g = box
    }
    {
        optimal "MitsosBarton2006Ex320" "Mitsos, Barton 2006, Ex. 3.20" (0.3125, -0.0833) [ 1.0 ] [ 1.0 ] with
            F = scalar (fun x y -> (x - 0.25) ** 2 + y ** 2)
            f = scalar (fun x y -> y ** 3 / 3 - x ** 2 * y)
            G = leaderBox
            g = box
    }
    {
        optimal "MitsosBarton2006Ex321" "Mitsos, Barton 2006, Ex. 3.21" (0.2095, -0.0656) [ 1.0 ] [ 1.0 ] with
            F = scalar (fun x y -> (x + 0.6) ** 2 + y ** 2)
            f = quartic
            G = leaderBox
            g = box
    }
    {
        optimal "MitsosBarton2006Ex322" "Mitsos, Barton 2006, Ex. 3.22" (0.2095, -0.0656) [ 1.0 ] [ 1.0 ] with
            F = scalar (fun x y -> (x + 0.6) ** 2 + y ** 2)
            f = quartic
            G = leaderBox
            g = scalarRows (fun x y -> [ -y - 1; y - 1; 0.01 * (1 + x ** 2) - y ** 2 ])
    }
    {
        optimal "MitsosBarton2006Ex323" "Mitsos, Barton 2006, Ex. 3.23" (0.176, -1.0) [ 0.0 ] [ 1.0 ] with
            F = scalar (fun x _ -> x ** 2)
            f = scalar (fun _ y -> y)
            G = scalarRows (fun x y -> [ -x - 1; x - 1; 1 + x - 9 * x ** 2 - y ])
            g = scalarRows (fun x y -> [ -y - 1; y - 1; (x - 0.5) * y ** 2 ])
    }
    {
        optimal "MitsosBarton2006Ex324" "Mitsos, Barton 2006, Ex. 3.24" (-1.755, 0.0) [ 1.0 ] [ 1.0 ] with
            F = scalar (fun x y -> x ** 2 - y)
            f = scalar (fun x y -> ((y - 1 - 0.1 * x) ** 2 - 0.5 - 0.5 * x) ** 2)
            G = scalarRows (fun x _ -> [ -x; x - 1 ])
            g = scalarRows (fun _ y -> [ -y; y - 3 ])
    }
    {
        bestKnown
            "MitsosBarton2006Ex325"
            "Mitsos, Barton 2006, Ex. 3.25"
            (-1.0, -2.0)
            [ 1.0; 1.0 ]
            (fill 3 1.0) with
            F = fun x y -> x[0] * y[0] + x[1] * y[0] ** 2 - x[0] * x[1] * y[2]
            f = fun x y -> x[0] * y[0] ** 2 + x[1] * y[1] * y[2]
            G = rows (fun x y -> [ -x - 1; x - 1; 0.1 * y[0] * y[1] - x[0] ** 2; x[1] * y[0] ** 2 ])
            g =
                rows (fun x y -> [
                    -y - 1
                    y - 1
                    y[0] ** 2 - y[1] * y[2]
                    y[1] ** 2 * y[2] - x[0] * y[0]
                    0.1 - y[2] ** 2
                ])
    }
    {
        optimal
            "MitsosBarton2006Ex326"
            "Mitsos, Barton 2006, Ex. 3.26"
            (-2.354, -2.0)
            [ 1.0; 1.0 ]
            (fill 3 1.0) with
            F = fun x y -> x[0] * y[0] + x[1] * y[1] ** 2 + x[0] * x[1] * y[2] ** 3
            f = fun x y -> x[0] * y[0] ** 2 + x[1] * y[1] ** 2 + (x[0] - x[1]) * y[2] ** 2
            G = rows (fun x y -> [ -x - 1; x - 1; 0.1 - x[0] ** 2; 1.5 - squared y; squared y - 2.5 ])
            g = rows (fun _ y -> [ -y - 1; y - 1 ])
    }
    {
        wide with
            Name = "MitsosBarton2006Ex327"
            Source = "Mitsos, Barton 2006, Ex. 3.27"
            F = fun x y -> squared x + squared y
            Status = BestKnown
            Best = Some(2.0, -1.1)
    }
    {
        wide with
            Name = "MitsosBarton2006Ex328"
            Source = "Mitsos, Barton 2006, Ex. 3.28"
            F = fun x y -> -(squared x) - squared y
            Status = BestKnown
            Best = Some(-10.0, -3.1)
    }
    {
        optimal "MorganPatrone2006a" "Morgan, Patrone 2006" (-1.0, 0.0) [ 1.0 ] [ 1.0 ] with
            F = scalar (fun x y -> -x - y)
            f = scalar (fun x y -> x * y)
            G = scalarRows (fun x _ -> [ -x - 0.5; x - 0.5 ])
            g = box
    }
    {
        bestKnown "MuuQuy2003Ex1" "Muu, Quy 2003, Ex. 1" (-2.0769, -0.5868) [ 2.0 ] [ 0.0; 0.0 ] with
            F = fun x y -> x[0] ** 2 - 4 * x[0] + squared y
            f =
                fun x y ->
                    y[0] ** 2
                    + y[1] ** 2 / 2
                    + y[0] * y[1]
                    + (1 - 3 * x[0]) * y[0]
                    + (1 + x[0]) * y[1]
            G = scalarRows (fun x _ -> [ -x; x - 2 ])
            g = rows (fun x y -> [ 2 * y[0] + y[1] - 2 * x[0] - 1; -y ])
    }
    {
        bestKnown "MuuQuy2003Ex2" "Muu, Quy 2003, Ex. 2" (0.6426, 1.6708) [ 0.0; 1.0 ] [ 1.0; 1.0; 1.0 ] with
            F = fun x y -> y[0] ** 2 + y[2] ** 2 - y[0] * y[2] - 4 * y[1] - 7 * x[0] + 4 * x[1]
            f =
                fun x y ->
                    y[0] ** 2
                    + y[1] ** 2 / 2
                    + y[2] ** 2 / 2
                    + y[0] * y[1]
                    + (1 - 3 * x[0]) * y[0]
                    + (1 + x[1]) * y[1]
            G = rows (fun x _ -> [ -x; Tensor.sum x - 1 ])
            g = rows (fun x y -> [ 2 * y[0] + y[1] - y[2] + x[0] - 2 * x[1] + 2; -y ])
    }
    network "NetworkDesignP1" (300.5, 419.8) 100
    network "NetworkDesignP2" (142.9, 81.95) 1
]
