/// Problems of BOLIBver2 (Zhou, Zemkoho, Tin): Falk to Hu.
module internal Stackelberg.Bilevel.Tests.FalkToHu

open Stackelberg

let problems = [
    {
        optimal "FalkLiu1995" "Falk, Liu 1995" (-2.1962, 0.0) [ 0.0; 0.0 ] [ 1.0; 1.0 ] with
            F = fun x y -> squared (x - 1.5) + squared y - 4.5
            f = fun x y -> squared (x - y)
            g = rows (fun _ y -> [ 0.5 - y; y - 1.5 ])
    }
    {
        optimal "FloudasEtal2013" "Floudas et al. 2013" (0.0, 200.0) [ 10.0; 10.0 ] [ 20.0; 20.0 ] with
            F = fun x y -> 2 * Tensor.sum x - 3 * Tensor.sum y - 60
            f = fun x y -> squared (y - x + 20)
            G = rows (fun x _ -> [ x - 50; -x ])
            g = rows (fun x y -> [ 2 * y - x + 10; x[0] + x[1] + y[0] - 2 * y[1] - 40; -y - 10; y - 20 ])
    }
    {
        optimal "FloudasZlobec1998" "Floudas, Zlobec 1998" (1.0, -1.0) [ 1.0 ] [ 1.0; 1.0 ] with
            F = fun x y -> x[0] ** 3 * y[0] + y[1]
            f = fun _ y -> -y[1]
            G = scalarRows (fun x _ -> [ -x; x - 1 ])
            g =
                rows (fun x y -> [
                    -y[0] - 1
                    -y[1]
                    y[0] - 1
                    y[1] - 100
                    x[0] * y[0] - 10
                    y[0] ** 2 + x[0] * y[1] - 1
                ])
    }
    {
        optimal "FrankeEtal2018Ex511" "Franke et al. 2018, Ex. 5.11" (3.0, 0.0) [ 1.0 ] [ 1.0; 1.0; 1.0 ] with
            F = fun _ y -> squared (y - vector [ 2.0; 0.0; 2.0 ]) / 2
            f = fun _ y -> Tensor.sum y
            g = rows (fun _ y -> [ -y[0] - y[1]; y[1] - y[0]; -y[0]; -y[2] ])
    }
    {
        optimal "FrankeEtal2018Ex513" "Franke et al. 2018, Ex. 5.13" (-1.0, 0.0) [ 1.0 ] [ 1.0; 1.0; 1.0 ] with
            F = fun _ y -> -y[1]
            f = fun _ y -> y[2]
            g = rows (fun _ y -> [ y[0] ** 2 - y[2]; y[0] ** 2 + y[1] ** 2 - 1; -y[2] ])
    }
    {
        optimal "FrankeEtal2018Ex521" "Franke et al. 2018, Ex. 5.21" (-1.0, 0.0) [ 0.0 ] [ 0.0; 0.0 ] with
            F = fun _ y -> -y[1]
            f = fun _ y -> y[0]
            g = rows (fun _ y -> [ (y[0] - 1) ** 2 - (y[1] - 0.5) ** 2 - 1.25; Tensor.sum y - 1; -y[0] ])
    }
    {
        optimal "FrankeEtal2018Ex53" "Franke et al. 2018, Ex. 5.3" (1.0, 1.0) [ 1.0 ] [ 1.0; 1.0 ] with
            F = fun _ y -> squared y
            f = fun _ y -> (y[0] - 2) ** 2
            G = rows (fun _ y -> [ -y; y - 1 ])
            g = rows (fun _ y -> [ -y; y - 1 ])
    }
    {
        optimal "GlackinEtal2009" "Glackin et al. 2009" (6.0, 0.0) [ 0.0; 1.0 ] [ 0.0 ] with
            F = fun x y -> -2 * x[0] + 4 * x[1] + 3 * y[0]
            f = fun _ y -> -y[0]
            G = rows (fun x _ -> [ x[0] - x[1] + 1; -x ])
            g = rows (fun x y -> [ x[0] + x[1] + y[0] - 4; 2 * x[0] + 2 * x[1] + y[0] - 6; -y ])
    }
    {
        optimal "GumusFloudas2001Ex1" "Gümüş, Floudas 2001, Ex. 1" (2250.0, 197.75) [ 1.0 ] [ 1.0 ] with
            F = scalar (fun x y -> 16 * x ** 2 + 9 * y ** 2)
            f = scalar (fun x y -> (x + y - 20) ** 4)
            G = scalarRows (fun x y -> [ -x; x - 12.5; y - 4 * x ])
            g = scalarRows (fun x y -> [ -y; y - 50; 4 * x + y - 50 ])
    }
    {
        optimal "GumusFloudas2001Ex3" "Gümüş, Floudas 2001, Ex. 3" (-29.2, 0.31) [ 0.0; 0.5 ] [
            0.0
            0.5
            0.0
        ] with
            F = fun x y -> -8 * x[0] - 4 * x[1] + 4 * y[0] - 40 * y[1] - 4 * y[2]
            f =
                fun x y ->
                    (1 + x[0] + x[1] + 2 * y[0] - y[1] + y[2])
                    / (6 + 2 * x[0] + y[0] + y[1] - 3 * y[2])
            G = rows (fun x _ -> [ -x; x - 2 ])
            g =
                rows (fun x y -> [
                    -y
                    y - 2
                    y[1] - y[0] + y[2] - 1
                    2 * x[0] - y[0] + 2 * y[1] - y[2] / 2 - 1
                    2 * x[1] + 2 * y[0] - y[1] - y[2] / 2 - 1
                ])
    }
    {
        optimal "GumusFloudas2001Ex4" "Gümüş, Floudas 2001, Ex. 4" (9.0, 0.0) [ 1.0 ] [ 1.0 ] with
            F = scalar (fun x y -> (x - 3) ** 2 + (y - 2) ** 2)
            f = scalar (fun _ y -> (y - 5) ** 2)
            G = scalarRows (fun x y -> [ -x; x - 8; y - 2 * x - 1; x - 2 * y + 2; x + 2 * y - 14 ])
            g = scalarRows (fun _ y -> [ -y; y - 10 ])
    }
    {
        optimal "HatzEtal2013" "Hatz et al. 2013" (0.0, 0.0) [ 1.0 ] [ 1.0; 1.0 ] with
            F = fun x y -> -x[0] + 2 * y[0] + y[1]
            f = fun x y -> (x[0] - y[0]) ** 2 + y[1] ** 2
            g = rows (fun _ y -> [ -y ])
    }
    {
        optimal "HaurieSavardWhite1990" "Haurie, Savard, White 1990" (27.0, -3.0) [ 1.0 ] [ 1.0 ] with
            F = scalar (fun x y -> x + 5 * y)
            f = scalar (fun _ y -> -y)
            g =
                scalarRows (fun x y -> [
                    2 * y - 3 * x - 6
                    3 * x + 4 * y - 48
                    2 * x - 5 * y - 9
                    8 - x - y
                ])
    }
    {
        bestKnown "HendersonQuandt1958" "Henderson, Quandt 1958" (-3266.67, -711.11) [ 0.0 ] [ 0.0 ] with
            F = scalar (fun x y -> x * ((x + y) / 2 - 95))
            f = scalar (fun x y -> y * (x / 2 + y - 100))
            G = scalarRows (fun x _ -> [ x - 200; -x ])
            g = scalarRows (fun _ y -> [ -y ])
    }
    {
        optimal "HenrionSurowiec2011" "Henrion, Surowiec 2011" (0.0, 0.0) [ 1.0 ] [ 1.0 ] with
            F = scalar (fun x _ -> x ** 2)
            f = scalar (fun x y -> y ** 2 / 2 - x * y)
    }
    {
        optimal "HuHuangZhang2009" "Hu, Huang, Zhang 2009" (-8.44444444444444, -4.55555555555556) [ 1.0 ] [
            1.0
            1.0
        ] with
            F = fun x y -> -4 * x[0] - Tensor.sum y
            f = fun x y -> -x[0] - 3 * y[0]
            G = scalarRows (fun x _ -> [ -x ])
            g =
                rows (fun x y -> [
                    x[0] + Tensor.sum y - 25.0 / 9.0
                    x[0] + y[1] - 2
                    Tensor.sum y - 8.0 / 9.0
                    -y
                ])
    }
]
