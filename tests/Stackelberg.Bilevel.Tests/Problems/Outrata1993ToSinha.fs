/// Problems of BOLIBver2 (Zhou, Zemkoho, Tin): Outrata 1993 to Sinha.
module internal Stackelberg.Bilevel.Tests.Outrata1993ToSinha

open Stackelberg

let private box = scalarRows (fun _ y -> [ -y - 1; y - 1 ])
let private bothInBox = scalarRows (fun x y -> [ -x - 1; x - 1; -y - 1; y - 1 ])

/// How far the answer is from (3, 4).
let private missed (_: Tensor) (y: Tensor) = squared (y - vector [ 3.0; 4.0 ]) / 2

let private outrata (x: Tensor) (y: Tensor) =
    ((1 + 0.2 * x[0]) * y[0] ** 2 + (1 + 0.1 * x[0]) * y[1] ** 2) / 2
    - (3 + 1.333 * x[0]) * y[0]
    - x[0] * y[1]

let private ball =
    rows (fun x y -> [ y[1] - 0.333 * y[0] + 0.1 * x[0] - 1; squared y - 0.1 * x[0] - 9; -y ])

/// Ten shares and the return x11 that is certain while the assets' returns y stay in an ellipsoid around their expected
/// values, whose size the shares may move.
let private portfolio name source size =
    let count = vector [ 1.0 .. 10.0 ]
    let expected, weights = 1.15 + 0.005 * count, 18000.0 / 11.0 / count

    {
        bestKnown name source (-1.15, 0.0) (fill 11 1.0) (fill 10 1.0) with
            F = fun x _ -> -x[10]
            f = fun x y -> Tensor.dot x[..9] y - x[10]
            G = rows (fun x y -> [ x[10] - Tensor.dot x[..9] y; -x[..9] ])
            H = rows (fun x _ -> [ Tensor.sum x[..9] - 1 ])
            g = rows (fun x y -> [ Tensor.dot weights ((y - expected) ** 2) - size x[..9] ** 2; -y ])
    }

/// Ten and ten variables, a Griewank function in the follower's exponent.
let private griewank name letter exponent = {
    bestKnown name $"Sinha, Malo, Deb 2014, TP{letter}" (0.0, 1.0) (fill 10 0.0) (fill 10 0.0) with
        F = fun x y -> squared (x - 1) + squared y
        f =
            fun x y ->
                let of' z =
                    1 + squared z / 4000 - Tensor.prod (cos (z / sqrt (vector [ 1.0 .. 10.0 ])))

                exp (exponent of' x y)
        g = rows (fun _ y -> [ y - System.Math.PI; -y - System.Math.PI ])
}

let problems = [
    {
        bestKnown "Outrata1993Ex31" "Outrata 1993, Ex. 3.1" (1.56, -11.68) [ 0.0 ] [ 0.0; 0.0 ] with
            F = missed
            f = outrata
            G = scalarRows (fun x _ -> [ -x ])
            g =
                rows (fun x y -> [
                    (0.1 * x[0] - 0.333) * y[0] + y[1] + 0.1 * x[0] - 2
                    y[0] - (0.333 + 0.1 * x[0]) * y[1] + 0.1 * x[0] - 2
                    -y
                ])
    }
    {
        bestKnown "Outrata1993Ex32" "Outrata 1993, Ex. 3.2" (3.208, -20.531) [ 0.0 ] [ 0.0; 0.0 ] with
            F = missed
            f = outrata
            G = scalarRows (fun x _ -> [ -x ])
            g = ball
    }
    {
        bestKnown "Outrata1994Ex31" "Outrata 1994, Ex. 3.1" (3.208, -20.531) [ 0.0 ] [ 0.0; 0.0 ] with
            F = missed
            f = outrata
            G = scalarRows (fun x _ -> [ x - 10; -x ])
            g = ball
    }
    {
        optimal "OutrataCervinka2009" "Outrata, Červinka 2009" (0.0, 0.0) [ 1.0; 1.0 ] [ 1.0; 1.0 ] with
            F = fun x y -> -2 * x[0] - x[1] / 2 - y[1]
            f = fun x y -> squared y / 2 + Tensor.dot x y + y[0] - y[1]
            G = rows (fun x _ -> [ x[0] ])
            g = rows (fun _ y -> [ y[1]; y[1] - y[0]; y[0] + y[1] ])
    }
    {
        optimal "PaulaviciusAdjiman2017a" "Paulavičius, Adjiman 2017" (0.25, 0.0) [ 1.0 ] [ 1.0 ] with
            F = scalar (fun x y -> x ** 2 + y ** 2)
            f = scalar (fun x y -> x * y ** 2 - y ** 4 / 2)
            G = bothInBox
            g = box
    }
    {
        optimal "PaulaviciusAdjiman2017b" "Paulavičius, Adjiman 2017" (-2.0, -1.5) [ 1.0 ] [ 1.0 ] with
            F = scalar (fun x y -> x + y)
            f = scalar (fun x y -> x * y ** 2 / 2 - x ** 3 * y)
            G = bothInBox
            g = box
    }
    portfolio "RobustPortfolioP1" "Stein 2013, robust portfolio" (fun _ -> Tensor.scalar 1.5)
    portfolio "RobustPortfolioP2" "Stein 2013, robust portfolio" (fun shares ->
        1.5 * (1 + squared (shares - 0.1)))
    {
        optimal "SahinCiric1998Ex2" "Sahin, Ciric 1998, Ex. 2" (5.0, 4.0) [ 1.0 ] [ 1.0 ] with
            F = scalar (fun x y -> (x - 3) ** 2 + (y - 2) ** 2)
            f = scalar (fun _ y -> (y - 5) ** 2)
            G = scalarRows (fun x _ -> [ -x; x - 8 ])
            g = scalarRows (fun x y -> [ y - 2 * x - 1; x - 2 * y + 2; x + 2 * y - 14 ])
    }
    {
        optimal "ShimizuAiyoshi1981Ex1" "Shimizu, Aiyoshi 1981, Ex. 1" (100.0, 0.0) [ 1.0 ] [ 1.0 ] with
            F = scalar (fun x y -> x ** 2 + (y - 10) ** 2)
            f = scalar (fun x y -> (x + 2 * y - 30) ** 2)
            G = scalarRows (fun x y -> [ x - 15; y - x; -x ])
            g = scalarRows (fun x y -> [ x + y - 20; y - 20; -y ])
    }
    {
        optimal "ShimizuAiyoshi1981Ex2" "Shimizu, Aiyoshi 1981, Ex. 2" (225.0, 100.0) [ 1.0; 1.0 ] [
            1.0
            1.0
        ] with
            F = fun x y -> squared (x - vector [ 30.0; 20.0 ]) - 20 * y[0] + 20 * y[1]
            f = fun x y -> squared (x - y)
            G = rows (fun x _ -> [ 30 - x[0] - 2 * x[1]; Tensor.sum x - 25; x[1] - 15 ])
            g = rows (fun _ y -> [ y - 10; -y ])
    }
    {
        unknown "ShimizuEtal1997a" "Shimizu et al. 1997" [ 1.0 ] [ 1.0 ] with
            F = scalar (fun x y -> (x - 5) ** 2 + (2 * y + 1) ** 2)
            f = scalar (fun x y -> (y - 1) ** 2 - 1.5 * x * y)
            g = scalarRows (fun x y -> [ y - 3 * x + 3; x - y / 2 - 4; x + y - 7 ])
    }
    {
        optimal "ShimizuEtal1997b" "Shimizu et al. 1997" (2250.0, 197.75) [ 1.0 ] [ 1.0 ] with
            F = scalar (fun x y -> 16 * x ** 2 + 9 * y ** 2)
            f = scalar (fun x y -> (x + y - 20) ** 4)
            G = scalarRows (fun x y -> [ -x; y - 4 * x ])
            g = scalarRows (fun x y -> [ -y; 4 * x + y - 50 ])
    }
    griewank "SinhaMaloDeb2014TP10" 10 (fun griewank x y -> griewank (x * y))
    {
        bestKnown "SinhaMaloDeb2014TP3" "Sinha, Malo, Deb 2014, TP3" (-18.679, -1.016) [ 1.0; 1.0 ] [
            1.0
            1.0
        ] with
            F = fun x y -> -(x[0] ** 2) - 3 * x[1] ** 2 - 4 * y[0] + y[1] ** 2
            f = fun x y -> 2 * x[0] ** 2 + y[0] ** 2 - 5 * y[1]
            G = rows (fun x _ -> [ -x; x[0] ** 2 + 2 * x[1] - 4 ])
            g =
                rows (fun x y -> [
                    -y
                    4 - x[1] - 3 * y[0] + 4 * y[1]
                    2 * x[0] - squared x + 2 * y[0] - y[1] - 3
                ])
    }
    {
        bestKnown "SinhaMaloDeb2014TP6" "Sinha, Malo, Deb 2014, TP6" (-1.209, 7.615) [ 1.0 ] [ 1.0; 1.0 ] with
            F = fun x y -> (x[0] - 1) ** 2 + 2 * y[0] - 2 * x[0]
            f = fun x y -> (2 * y[0] - 4) ** 2 + (2 * y[1] - 1) ** 2 + x[0] * y[0]
            G = scalarRows (fun x _ -> [ -x ])
            g =
                rows (fun x y -> [
                    -y
                    4 * x[0] + 5 * y[0] + 4 * y[1] - 12
                    4 - 4 * x[0] - 5 * y[0] + 4 * y[1]
                    4 * x[0] - 4 * y[0] + 5 * y[1] - 4
                    4 * y[0] - 4 * x[0] + 5 * y[1] - 4
                ])
    }
    {
        bestKnown "SinhaMaloDeb2014TP7" "Sinha, Malo, Deb 2014, TP7" (-1.961, 1.961) [ 1.0; 1.0 ] [ 0.0; 1.0 ] with
            F = fun x y -> -(x[0] + y[0]) * (x[1] + y[1]) / (1 + Tensor.dot x y)
            f = fun x y -> (x[0] + y[0]) * (x[1] + y[1]) / (1 + Tensor.dot x y)
            G = rows (fun x _ -> [ -x; x[0] - x[1]; squared x - 100 ])
            g = rows (fun x y -> [ -y; y - x ])
    }
    {
        optimal "SinhaMaloDeb2014TP8" "Sinha, Malo, Deb 2014, TP8" (0.0, 100.0) [ 1.0; 1.0 ] [ 1.0; 1.0 ] with
            F = fun x y -> (2 * Tensor.sum x - 3 * Tensor.sum y - 60) ** 2
            f = fun x y -> squared (y - x + 20)
            G = rows (fun x y -> [ -x; x - 50; x[0] + x[1] + y[0] - 2 * y[1] - 40 ])
            g = rows (fun x y -> [ 2 * y - x + 10; y - 20; -y - 10 ])
    }
    griewank "SinhaMaloDeb2014TP9" 9 (fun griewank x y -> griewank y * squared x)
]
