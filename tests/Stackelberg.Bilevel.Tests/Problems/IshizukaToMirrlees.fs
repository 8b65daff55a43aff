/// Problems of BOLIBver2 (Zhou, Zemkoho, Tin): Ishizuka to Mirrlees.
module internal Stackelberg.Bilevel.Tests.IshizukaToMirrlees

open Stackelberg

let problems = [
    {
        optimal "IshizukaAiyoshi1992a" "Ishizuka, Aiyoshi 1992" (0.0, -1.5) [ 1.0 ] [ 1.0; 1.0 ] with
            F = fun x y -> x[0] * y[1] ** 2
            f = fun _ y -> y[0]
            G = scalarRows (fun x _ -> [ -x - 1.5 ])
            g = rows (fun x y -> [ -x; -x[0] - y[0]; y[0] - x[0]; -(Tensor.sum y) - 1.5; Tensor.sum y - 1.5 ])
    }
    {
        optimal "KleniatiAdjiman2014Ex3" "Kleniati, Adjiman 2014, Ex. 3" (-1.0, 0.0) [ 1.0 ] [ 1.0 ] with
            F = scalar (fun x y -> x - y)
            f = scalar (fun x y -> x * y ** 2 / 2 - x * y ** 3)
            G = scalarRows (fun x _ -> [ -x - 1; x - 1 ])
            g = scalarRows (fun _ y -> [ -y - 1; y - 1 ])
    }
    {
        bestKnown
            "KleniatiAdjiman2014Ex4"
            "Kleniati, Adjiman 2014, Ex. 4"
            (-10.0, -3.1)
            (fill 5 1.0)
            (fill 5 1.0) with
            F = fun x y -> -(squared x) - squared y
            f =
                fun x y ->
                    y[0] ** 3
                    + (x[0] + x[1]) * y[1] ** 2
                    + y[2] / 10
                    + x[2] * x[3] * x[4] * (y[3] ** 2 + y[4] ** 2)
            G =
                rows (fun x y -> [
                    -x - 1
                    x - 1
                    y[0] * y[1] - x[0]
                    x[0] - exp x[1] + y[2]
                    x[1] * y[0] ** 2
                ])
            g = rows (fun x y -> [ -y - 1; y - 1; x[0] - 0.2 - y[2] ** 2 ])
    }
    {
        optimal "LamparielloSagratella2017Ex23" "Lampariello, Sagratella 2017, Ex. 2.3" (-1.0, 1.0) [ 1.0 ] [
            1.0
            1.0
        ] with
            F = fun x _ -> x[0]
            f = fun x y -> (x[0] - y[0]) ** 2 + (y[1] + 1) ** 2
            G = scalarRows (fun x _ -> [ -x - 1; x - 1 ])
            g = rows (fun _ y -> [ y[0] ** 3 - y[1]; -y[1] ])
    }
    {
        optimal "LamparielloSagratella2017Ex31" "Lampariello, Sagratella 2017, Ex. 3.1" (1.0, 0.0) [ 1.0 ] [
            1.0
        ] with
            F = scalar (fun x y -> x ** 2 + y ** 2)
            f = scalar (fun _ y -> y)
            G = scalarRows (fun x _ -> [ 1 - x ])
            g = scalarRows (fun x y -> [ 1 - x - y ])
    }
    {
        optimal "LamparielloSagratella2017Ex32" "Lampariello, Sagratella 2017, Ex. 3.2" (0.5, 0.0) [ 1.0 ] [
            1.0
        ] with
            F = scalar (fun x y -> x ** 2 + y ** 2)
            f = scalar (fun x y -> (x + y - 1) ** 2)
    }
    {
        optimal "LamparielloSagratella2017Ex33" "Lampariello, Sagratella 2017, Ex. 3.3" (0.5, 0.0) [ 1.0 ] [
            1.0
            1.0
        ] with
            F = fun x y -> x[0] ** 2 + Tensor.sum y ** 2
            f = fun _ y -> y[0]
            G = scalarRows (fun x _ -> [ 0.5 - x ])
            g = rows (fun x y -> [ 1 - x[0] - Tensor.sum y; -y ])
    }
    {
        optimal "LamparielloSagratella2017Ex35" "Lampariello, Sagratella 2017, Ex. 3.5" (0.8, -0.4) [ 1.0 ] [
            1.0
        ] with
            F = scalar (fun x y -> x ** 2 + y ** 2)
            f = scalar (fun _ y -> -y)
            G = scalarRows (fun x _ -> [ -x - 1; x - 1 ])
            g = scalarRows (fun x y -> [ 2 * x + y - 2; -y; y - 1 ])
    }
    {
        bestKnown "LanWenShihLee2007" "Lan, Wen, Shih, Lee 2007" (-85.0855, 50.174) [ 1.0 ] [ 1.0 ] with
            F = scalar (fun x y -> 2 * x - 11 * y)
            f = scalar (fun x y -> x + 3 * y)
            G = scalarRows (fun x _ -> [ -x ])
            g =
                scalarRows (fun x y -> [
                    x - 2 * y - 4
                    2 * x - y - 24
                    3 * x + 4 * y - 96
                    x + 7 * y - 126
                    5 * y - 4 * x - 65
                    8 - x - 4 * y
                    -y
                ])
    }
    {
        optimal "LiuHart1994" "Liu, Hart 1994" (-16.0, 4.0) [ 1.0 ] [ 1.0 ] with
            F = scalar (fun x y -> -x - 3 * y)
            f = scalar (fun _ y -> y)
            G = scalarRows (fun x _ -> [ -x ])
            g = scalarRows (fun x y -> [ y - x - 3; x + 2 * y - 12; 4 * x - y - 12; -y ])
    }
    {
        unknown "LuDebSinha2016d" "Lu, Deb, Sinha 2016" [ 1.0; 1.0 ] [ 1.0; 1.0 ] with
            F = fun x _ -> -x[1]
            f = fun _ y -> -y[1]
            G =
                rows (fun x y ->
                    let low, high = vector [ -4.0; -100.0 ], vector [ 10.0; 200.0 ]

                    [
                        low - x
                        x - high
                        low - y
                        y - high
                        x[1] - (y[0] / 14 + 16.0 / 7.0) * (x[0] - 2) ** 2
                        12.5 * (y[0] / 14 + 16.0 / 7.0) * (x[0] - 5) - x[1]
                        x[1]
                        - 5
                          * (x[0] + 4 - (y[0] / 14 + 16.0 / 7.0))
                          * (x[0] + 8 - (y[0] / 14 + 16.0 / 7.0))
                    ])
            g =
                rows (fun x y ->
                    let scale = x[0] / 14 + 16.0 / 7.0

                    [
                        y[1] - scale * (y[0] - 2) ** 2
                        12.5 * scale * (y[0] - 5) - y[1]
                        y[1] - 5 * (y[0] + 4 - scale) * (y[0] + 8 - scale)
                    ])
    }
    {
        unknown "LuDebSinha2016e" "Lu, Deb, Sinha 2016" [ 1.0 ] [ 1.0; 1.0 ] with
            F = fun x y -> 25 * (x[0] - 2.5) ** 2 + ((y[1] - 50) / 30) ** 2
            f = fun _ y -> -y[1]
            G = rows (fun x y -> [ 2 - x; x - 3; -y[0] - 4; -y[1] - 100; y[0] - 10; y[1] - 200 ])
            g =
                rows (fun x y -> [
                    y[1] - x[0] * (y[0] - 2) ** 2
                    12.5 * x[0] * (y[0] - 5) - y[1]
                    y[1] - 5 * (y[0] + 4 - x[0]) * (y[0] + 8 - x[0])
                ])
    }
    {
        unknown "LuDebSinha2016f" "Lu, Deb, Sinha 2016" [ 1.0; 1.0 ] [ 1.0 ] with
            F = fun x _ -> -x[1]
            f = fun x y -> ((x[0] - 50) / 28) ** 2 + 25 * (y[0] - 2.5) ** 2
            G =
                rows (fun x y -> [
                    2 - y
                    y - 4
                    -x[0] - 80
                    -x[1] - 100
                    x - 200
                    x[1] - y[0] * (x[0] / 20 - 2) ** 2
                    12.5 * y[0] * (x[0] / 20 - 5) - x[1]
                    x[1] - 5 * (x[0] / 20 + 4 - y[0]) * (x[0] / 20 + 8 - y[0])
                ])
    }
    {
        optimal "LucchettiEtal1987" "Lucchetti et al. 1987" (0.0, 0.0) [ 1.0 ] [ 1.0 ] with
            F = scalar (fun x y -> (1 - x) / 2 + x * y)
            f = scalar (fun x y -> (x - 1) * y)
            G = scalarRows (fun x _ -> [ -x; x - 1 ])
            g = scalarRows (fun _ y -> [ -y; y - 1 ])
    }
    {
        optimal "MacalHurter1997" "Macal, Hurter 1997" (81.327, -0.333) [ 1.0 ] [ 1.0 ] with
            F = scalar (fun x y -> (x - 1) ** 2 + (y - 1) ** 2)
            f = scalar (fun x y -> y ** 2 / 2 + 500 * y - 50 * x * y)
    }
    {
        unknown "MershaDempe2006Ex1" "Mersha, Dempe 2006, Ex. 1" [ 1.0 ] [ 1.0 ] with
            F = scalar (fun x y -> x - 8 * y)
            f = scalar (fun _ y -> y)
            G = scalarRows (fun x _ -> [ -x ])
            g =
                scalarRows (fun x y -> [
                    5 * x - 2 * y - 33
                    9 - x - 2 * y
                    3 * y - 7 * x - 5
                    x + y - 15
                    -y
                ])
    }
    {
        optimal "MershaDempe2006Ex2" "Mersha, Dempe 2006, Ex. 2" (-20.0, -6.0) [ 1.0 ] [ 1.0 ] with
            F = scalar (fun x y -> -x - 2 * y)
            f = scalar (fun _ y -> -y)
            G = scalarRows (fun x y -> [ 3 * y - 2 * x - 12; x + y - 14 ])
            g = scalarRows (fun x y -> [ y - 3 * x + 3; 3 * x + y - 30 ])
    }
    {
        optimal "Mirrlees1999" "Mirrlees 1999" (1.002, -1.02) [ 1.0 ] [ 1.0 ] with
            F = scalar (fun x y -> (x - 2) ** 2 + (y - 1) ** 2)
            f = scalar (fun x y -> -x * exp (-((y + 1) ** 2)) - exp (-((y - 1) ** 2)))
            g = scalarRows (fun _ y -> [ y - 2; -y - 2 ])
    }
]
