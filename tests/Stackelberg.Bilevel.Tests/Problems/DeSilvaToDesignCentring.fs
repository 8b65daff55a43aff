/// Problems of BOLIBver2 (Zhou, Zemkoho, Tin): De Silva, Dempe, and design centring (Stein and Still).
module internal Stackelberg.Bilevel.Tests.DeSilvaToDesignCentring

open Stackelberg

/// The points of contact (y1, y2), (y3, y4), (y5, y6) lie in the set that the design has to fit into.
let private contacts (y: Tensor) = [ -y[0] - y[1] ** 2; y[2] / 4 + y[3] - 0.75; -y[5] - 1 ]

let private contactCost (_: Tensor) (y: Tensor) =
    y[0] + y[1] ** 2 - y[2] / 4 - y[3] + y[5]

/// The three points' distances from the design's centre (x1, x2), along either axis.
let private offsets (x: Tensor) (y: Tensor) =
    Tensor.stack 0 [ y[0]; y[2]; y[4] ] - x[0], Tensor.stack 0 [ y[1]; y[3]; y[5] ] - x[1]

let problems = [
    {
        optimal "DeSilva1978" "De Silva 1978" (-1.0, 0.0) [ 0.0; 0.0 ] [ 1.0; 1.0 ] with
            F = fun x y -> squared (x - 1) + squared y - 2
            f = fun x y -> squared (x - y)
            g = rows (fun _ y -> [ 0.5 - y; y - 1.5 ])
    }
    {
        unknown "Dempe1992a" "Dempe 1992" [ 1.0; 1.0 ] [ 1.0; 1.0 ] with
            F = fun _ y -> y[1]
            f = fun _ y -> (y[0] - 1) ** 2 / 2 + y[1] ** 2 / 2
            G = rows (fun x _ -> [ x[0] ** 2 + (x[1] + 1) ** 2 - 1 ])
            g = rows (fun x y -> [ x[1] + y[0] + x[0] * y[1]; y[0] ])
    }
    {
        optimal "Dempe1992b" "Dempe 1992" (31.25, 4.0) [ -1.0 ] [ -1.0 ] with
            F = scalar (fun x y -> (x - 3.5) ** 2 + (y + 4) ** 2)
            f = scalar (fun _ y -> (y - 3) ** 2)
            g = scalarRows (fun x y -> [ y ** 2 - x ])
    }
    {
        optimal "DempeDutta2012Ex24" "Dempe, Dutta 2012, Ex. 2.4" (0.0, 0.0) [ 1.0 ] [ 1.0 ] with
            F = scalar (fun x y -> (x - 1) ** 2 + y ** 2)
            f = scalar (fun x y -> x ** 2 * y)
            g = scalarRows (fun _ y -> [ y ** 2 ])
    }
    {
        optimal "DempeDutta2012Ex31" "Dempe, Dutta 2012, Ex. 3.1" (-1.0, 4.0) [ 1.0; 1.0 ] [ 1.0; 1.0 ] with
            F = fun _ y -> -y[1]
            f = fun _ y -> y[0] ** 2 + (y[1] + 1) ** 2
            G = rows (fun x _ -> [ -x ])
            H = rows (fun _ y -> [ y[0] * y[1] ])
            g =
                rows (fun x y -> [
                    (y[0] - x[0]) ** 2 + (y[1] - 1 - x[0]) ** 2 - 1
                    (y[0] + x[1]) ** 2 + (y[1] - 1 - x[1]) ** 2 - 1
                ])
    }
    {
        optimal "DempeEtal2012" "Dempe et al. 2012" (-1.0, -1.0) [ 1.0 ] [ 1.0 ] with
            F = scalar (fun x _ -> x)
            f = scalar (fun x y -> x * y)
            G = scalarRows (fun x _ -> [ -x - 1; x - 1 ])
            g = scalarRows (fun _ y -> [ -y; y - 1 ])
    }
    {
        optimal "DempeFranke2011Ex41" "Dempe, Franke 2011, Ex. 4.1" (5.0, -2.0) [ 1.0; 1.0 ] [ 1.0; 1.0 ] with
            F = fun x y -> x[0] + squared y
            f = Tensor.dot
            G = rows (fun x _ -> [ -x[0] - 1; x[0] - 1 ])
            H = rows (fun x _ -> [ x[1] + 1 ])
            g = rows (fun _ y -> [ y[1] - 2 * y[0]; y - 2; -y[1] ])
    }
    {
        optimal "DempeFranke2011Ex42" "Dempe, Franke 2011, Ex. 4.2" (2.13, -3.5) [ 1.0; 1.0 ] [ 1.0; 1.0 ] with
            F = fun x y -> x[0] + (y[0] - 1) ** 2 + y[1] ** 2
            f = Tensor.dot
            G = rows (fun x _ -> [ -x[0] - 1; x[0] - 1 ])
            H = rows (fun x _ -> [ x[1] + 1 ])
            g = rows (fun _ y -> [ y[1] - y[0] - 1; y[0] + y[1] - 3.5; y[1] - 2 ])
    }
    {
        optimal "DempeFranke2014Ex38" "Dempe, Franke 2014, Ex. 3.8" (-1.0, -4.0) [ 1.0; 1.0 ] [ 1.0; 1.0 ] with
            F = fun x y -> 2 * x[0] + x[1] + 2 * y[0] - y[1]
            f = Tensor.dot
            G = rows (fun x _ -> [ -x[0] - 1; x[0] - 1; -x[1] - 1; x[1] + 0.75 ])
            g = rows (fun _ y -> [ y[1] - 2 * y[0]; y - 2; -y[1] ])
    }
    {
        optimal "DempeLohse2011Ex31a" "Dempe, Lohse 2011, Ex. 3.1" (-5.5, 0.0) [ 1.0; 1.0 ] [ 1.0; 1.0 ] with
            F = fun x y -> squared (x - 0.5) - 3 * Tensor.sum y
            f = Tensor.dot
            g = rows (fun _ y -> [ Tensor.sum y - 2; y[1] - y[0]; -y ])
    }
    {
        optimal "DempeLohse2011Ex31b" "Dempe, Lohse 2011, Ex. 3.1" (-12.0, 0.0) (fill 3 1.0) (fill 3 1.0) with
            F = fun x y -> squared (x - vector [ 0.5; 0.5; 0.0 ]) - 3 * y[0] - 3 * y[1] - 6 * y[2]
            f = Tensor.dot
            g = rows (fun _ y -> [ Tensor.sum y - 2; y[1] - y[0]; -y ])
    }
    // A disc of centre (x1, x2) and radius x3.
    {
        unknown "DesignCentringP1" "Stein, Still 2002, design centring" (fill 3 1.0) (fill 6 1.0) with
            F = fun x _ -> -System.Math.PI * x[2] ** 3
            f = contactCost
            G = rows (fun _ y -> contacts y)
            g =
                rows (fun x y ->
                    let across, along = offsets x y
                    [ across ** 2 + along ** 2 - x[2] ** 2 ])
    }
    // An ellipse of half-axes x3 and x4. The repository's text leaves no 1 to compare with, so that only the centre is
    // in the follower's set.
    {
        unknown "DesignCentringP2" "Stein, Still 2002, design centring" (fill 4 10.0) (fill 6 10.0) with
            F = fun x _ -> -System.Math.PI * x[2] * x[3]
            f = contactCost
            G = rows (fun x y -> contacts y @ [ x[2..] - 1 ])
            g =
                rows (fun x y ->
                    let across, along = offsets x y
                    [ (across / x[2]) ** 2 + (along / x[3]) ** 2 ])
    }
    // The ellipse into which the columns (x3, x4) and (x5, x6) take the unit disc.
    {
        unknown
            "DesignCentringP3"
            "Stein, Still 2002, design centring"
            [ 1.0; 1.0; 1.0; 0.0; 0.0; 1.0 ]
            (fill 6 1.0) with
            F = fun x _ -> -System.Math.PI * abs (x[2] * x[5] - x[3] * x[4])
            f = contactCost
            G = rows (fun _ y -> contacts y)
            g =
                rows (fun x y ->
                    let across, along = offsets x y
                    let area = x[2] * x[5] - x[3] * x[4]

                    [
                        ((x[4] * across - x[2] * along) ** 2 + (x[5] * across - x[3] * along) ** 2)
                        / area ** 2
                        - 1
                    ])
    }
    // The box between the corners (x1, x2) and (x3, x4).
    {
        unknown "DesignCentringP4" "Stein, Still 2002, design centring" (fill 4 1.0) (fill 6 1.0) with
            F = fun x _ -> -(x[0] - x[2]) * (x[1] - x[3])
            f = contactCost
            G = rows (fun _ y -> contacts y)
            g =
                rows (fun x y ->
                    let low, high =
                        Tensor.concat 0 (List.replicate 3 x[..1]), Tensor.concat 0 (List.replicate 3 x[2..])

                    [ y - low; high - y ])
    }
]
