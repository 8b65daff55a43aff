/// Problems of BOLIBver2 (Zhou, Zemkoho, Tin): toll setting to Zlobec.
module internal Stackelberg.Bilevel.Tests.TollSettingToZlobec

open Stackelberg

/// Four travellers on a road network with three toll roads, (y1, y2), (y3, y4) and (y5, y6), of which every second
/// traveller counts `weight` times; tolls are paid twice.
let private fourTravellers name best weight =
    let start = [
        0.0
        0.0
        0.0
        10.0
        1.0
        0.0
        1.0
        0.0
        0.0
        0.0
        10.0
        0.0
        0.0
        0.0
        1.0
        0.0
        0.0
        10.0
    ]

    let prices =
        vector [ 5.0; 7.0; 14.0; 7.0; 2.0; 4.0; 29.0; 20.0; 12.0; 8.0; 5.0; 2.0 ]

    let tolled (x: Tensor) (y: Tensor) =
        Tensor.dot x (Tensor.stack 0 [ for k in 0..2..4 -> y[k] + weight * y[k + 1] ])

    {
        bestKnown name "Toll setting (Didi-Biha, Marcotte, Savard 2006)" best (fill 3 0.0) start with
            F = fun x y -> -(tolled x y)
            f = fun x y -> 2 * tolled x y + Tensor.dot prices y[6..]
            G = rows (fun x _ -> [ -x ])
            g = rows (fun _ y -> [ -y ])
            h =
                rows (fun _ y -> [
                    y[6] + y[7] + y[8] - 1
                    y[9] + y[10] + y[11] - 1
                    y[12] + y[13] + y[14] - 1
                    y[15] + y[16] + y[17] - 1
                    y[0] + y[4] - y[6] + y[12]
                    weight * (y[1] + y[5]) - y[9] + y[15]
                    y[2] - y[0] - y[7] + y[13]
                    weight * (y[3] - y[1]) - y[10] + y[16]
                    y[14] - y[2] - y[4] - y[8]
                    y[17] - weight * (y[3] + y[5]) - y[11]
                ])
    }

/// Two travellers with two ways each.
let private twoWays =
    rows (fun _ y -> [ -y ]), rows (fun _ y -> [ y[0] + y[1] - 1; y[2] + y[3] - 1 ])

let problems = [
    {
        bestKnown "TollSettingP1" "Toll setting (Didi-Biha, Marcotte, Savard 2006)" (-7.0, 12.0) [
            0.0
            5.0
            5.0
        ] [ 0.0; 1.0; 0.0; 0.0; 0.0; 1.0; 0.0; 0.0 ] with
            F = fun x y -> -(x[0] * y[2]) - x[1] * y[3] - x[2] * y[7]
            f =
                fun x y ->
                    2 * y[0]
                    + 6 * y[1]
                    + (5 + x[0]) * y[2]
                    + x[1] * y[3]
                    + 4 * y[4]
                    + 2 * y[5]
                    + 6 * y[6]
                    + x[2] * y[7]
            G = rows (fun x _ -> [ -x ])
            g = rows (fun _ y -> [ -y ])
            h =
                rows (fun _ y -> [
                    y[0] + y[1] + y[2] - 1
                    y[3] + y[4] - y[0]
                    y[5] + y[6] - y[1] - y[3]
                    y[7] - y[4] - y[5]
                    y[2] + y[6] + y[7] - 1
                ])
    }
    fourTravellers "TollSettingP2" (-4.5, 32.0) 1
    fourTravellers "TollSettingP3" (-3.5, 32.0) 10
    {
        bestKnown
            "TollSettingP4"
            "Toll setting (Didi-Biha, Marcotte, Savard 2006)"
            (-4.0, 14.0)
            [ 1.0; 1.0 ]
            (fill 4 1.0) with
            F = fun x y -> -x[0] * (y[1] + y[2]) - x[1] * y[2]
            f = fun x y -> 8 * y[0] + (3 + 2 * x[0]) * y[1] + (3 + 2 * Tensor.sum x) * y[2] + 6 * y[3]
            g = fst twoWays
            h = snd twoWays
    }
    {
        bestKnown
            "TollSettingP5"
            "Toll setting (Didi-Biha, Marcotte, Savard 2006)"
            (-2.5, 14.0)
            [ 1.0 ]
            (fill 4 1.0) with
            F = fun x y -> -x[0] * (y[1] + y[2])
            f = fun x y -> 8 * y[0] + (3 + 2 * x[0]) * y[1] + (4 + 2 * x[0]) * y[2] + 6 * y[3]
            g = fst twoWays
            h = snd twoWays
    }
    {
        optimal "TuyEtal1993" "Tuy et al. 1993" (-3.25, -6.0) [ 0.0; 0.0 ] [ 0.0; 0.0 ] with
            F = fun x y -> -2 * x[0] + x[1] + y[0] / 2
            f = fun _ y -> -4 * y[0] + y[1]
            G = rows (fun x _ -> [ Tensor.sum x - 2; -x ])
            g = rows (fun x y -> [ -2 * x[0] + y[0] - y[1] + 2.5; x[0] - 3 * x[1] + y[1] - 2; -y ])
    }
    {
        optimal "TuyEtal1994" "Tuy et al. 1994" (6.0, 0.0) [ 1.0; 1.0 ] [ 1.0; 1.0 ] with
            F = fun x y -> 3 * x[0] + 2 * x[1] + Tensor.sum y
            f = fun _ y -> 4 * y[0] + y[1]
            G = rows (fun x y -> [ Tensor.sum x + Tensor.sum y - 4; -x ])
            g = rows (fun x y -> [ 15 - 3 * x[0] - 5 * x[1] - 6 * y[0] - 2 * y[1]; -y ])
    }
    {
        optimal "TuyEtal2007" "Tuy et al. 2007" (22.5, -1.5) [ 5.0 ] [ 0.0 ] with
            F = scalar (fun x y -> x ** 2 + y ** 2)
            f = scalar (fun _ y -> -y)
            G = scalarRows (fun x y -> [ -x; -y ])
            g = scalarRows (fun x y -> [ 3 * x + y - 15; x + y - 7; x + 3 * y - 15 ])
    }
    {
        bestKnown "TuyEtal2007Ex3" "Tuy et al. 2007, Ex. 3" (-467.4613, -11.6194) (fill 10 10.0) (fill 6 10.0) with
            F =
                fun x y ->
                    Tensor.dot (vector [ 12.0; -1.0; -12.0; 13.0; 0.0; 2.0; 0.0; -5.0; 6.0; -11.0 ]) x
                    - Tensor.dot (vector [ 5.0; 6.0; 4.0; 7.0; 0.0; 0.0 ]) y
            f = fun _ y -> Tensor.dot (vector [ 3.0; -2.0; -3.0; -3.0; 1.0; 6.0 ]) y
            G =
                rows (fun x y ->
                    let ofLeader = [
                        [ 2.0; 3.0; -14.0; 2.0; 9.0; -2.0; -1.0; 4.0; 0.0; -2.0 ]
                        [ -1.0; 7.0; -13.0; 0.0; 15.0; -2.0; 8.0; 4.0; -4.0; 7.0 ]
                    ]

                    let ofFollower = [
                        [ 3.0; -9.0; 2.0; 8.0; -1.0; 8.0 ]
                        [ 6.0; 2.0; -6.0; -2.0; -8.0; 4.0 ]
                    ]

                    [
                        vector [ -30.0; 134.0 ]
                        - Tensor.matmul (matrix ofLeader) x
                        - Tensor.matmul (matrix ofFollower) y
                        -x
                    ])
            g =
                rows (fun x y ->
                    let ofLeader = [
                        [ 5.0; -7.0; -4.0; 2.0; -3.0; 9.0; -9.0; 1.0; 3.0; -11.0 ]
                        [ -6.0; 5.0; 3.0; 2.0; -8.0; -5.0; -8.0; 3.0; -7.0; -3.0 ]
                        [ 6.0; 4.0; -2.0; 0.0; 2.0; -3.0; 3.0; -2.0; -2.0; -4.0 ]
                        [ -5.0; -6.0; 0.0; 4.0; -3.0; 8.0; -1.0; 0.0; -2.0; 3.0 ]
                        [ -11.0; 11.0; -4.0; -5.0; 10.0; 6.0; -14.0; 7.0; 11.0; 3.0 ]
                        [ -9.0; 12.0; 4.0; 10.0; -2.0; -8.0; -5.0; 11.0; 4.0; -1.0 ]
                        [ -7.0; 2.0; 6.0; 0.0; 11.0; -1.0; 2.0; 2.0; 1.0; 2.0 ]
                    ]

                    let ofFollower = [
                        [ -10.0; 9.0; 6.0; -4.0; -6.0; 3.0 ]
                        [ 5.0; 7.0; -1.0; -1.0; 6.0; -4.0 ]
                        [ -10.0; -5.0; -6.0; 4.0; -3.0; 1.0 ]
                        [ 4.0; 3.0; 4.0; 4.0; -1.0; -1.0 ]
                        [ 10.0; 7.0; -7.0; -7.0; -2.0; -7.0 ]
                        [ -2.0; 5.0; -10.0; -1.0; -4.0; -5.0 ]
                        [ 5.0; 5.0; 6.0; 5.0; -1.0; 12.0 ]
                    ]

                    [
                        vector [ -83.0; -92.0; -168.0; 96.0; 133.0; -89.0; 192.0 ]
                        - Tensor.matmul (matrix ofLeader) x
                        - Tensor.matmul (matrix ofFollower) y
                        -y
                    ])
    }
    {
        optimal "VisweswaranEtal1996" "Visweswaran et al. 1996" (3.11111111111111, -6.66666666666667) [ 1.0 ] [
            1.0
        ] with
            F = scalar (fun x y -> x + y)
            f = scalar (fun x y -> -5 * x - y)
            G = scalarRows (fun x _ -> [ -x ])
            g = scalarRows (fun x y -> [ 2 - x - y / 2; y - x / 4 - 2; x + y / 2 - 8; x - 2 * y - 2; -y ])
    }
    {
        optimal "Vogel2012" "Vogel 2012" (1.0, -2.0) [ 1.0 ] [ 1.0 ] with
            F = scalar (fun _ y -> (y + 1) ** 2)
            f = scalar (fun _ y -> y ** 3 - 3 * y)
            G = scalarRows (fun x _ -> [ -x - 3; x - 2 ])
            g = scalarRows (fun x y -> [ x - y ])
    }
    {
        optimal "WanWangLv2011" "Wan, Wang, Lv 2011" (10.62, -0.5) [ 0.0; 0.5 ] [ 0.0; 0.0; 0.0 ] with
            F = fun x y -> (1 + x[0] - x[1] + 2 * y[1]) * (8 - x[0] - 2 * y[0] + y[1] + 5 * y[2])
            f = fun _ y -> 2 * y[0] - y[1] + y[2]
            g =
                rows (fun x y -> [
                    y[1] - y[0] + y[2] - 1
                    2 * x[0] - y[0] + 2 * y[1] - y[2] / 2 - 1
                    2 * x[1] + 2 * y[0] - y[1] - y[2] / 2 - 1
                    -x
                    -y
                ])
    }
    {
        optimal "WangJiaoLi2005" "Wang, Jiao, Li 2005" (-1000.0, -1.0) [ 1.0 ] [ 1.0; 1.0 ] with
            F = fun x y -> -100 * x[0] - 1000 * y[0]
            f = fun _ y -> -(Tensor.sum y)
            G = scalarRows (fun x _ -> [ -x; x - 1 ])
            g = rows (fun x y -> [ x[0] + y[0] - y[1] - 1; Tensor.sum y - 1 ])
    }
    {
        optimal "YeZhu2010Ex42" "Ye, Zhu 2010, Ex. 4.2" (1.0, -2.0) [ -1.0 ] [ -1.0 ] with
            F = scalar (fun x y -> (x - 1) ** 2 + y ** 2)
            f = scalar (fun _ y -> y ** 3 - 3 * y)
            G = scalarRows (fun x _ -> [ -x - 3; x - 2 ])
            g = scalarRows (fun x y -> [ x - y ])
    }
    {
        optimal "YeZhu2010Ex43" "Ye, Zhu 2010, Ex. 4.3" (1.25, -2.0) [ -1.0 ] [ -1.0 ] with
            F = scalar (fun x y -> (x - 0.5) ** 2 + (y - 2) ** 2)
            f = scalar (fun _ y -> y ** 3 - 3 * y)
            G = scalarRows (fun x _ -> [ -x; x - 4 ])
            g = scalarRows (fun x y -> [ x - y - 3 ])
    }
    {
        optimal "Yezza1996Ex31" "Yezza 1996, Ex. 3.1" (1.5, -2.5) [ 1.0 ] [ 1.0 ] with
            F = scalar (fun x y -> 2 * x + 1 - (4 * x - 3) * y)
            f = scalar (fun x y -> (4 * x - 1) * y - 2 * x - 2)
            G = scalarRows (fun x _ -> [ -x; x - 1 ])
            g = scalarRows (fun _ y -> [ -y; y - 1 ])
    }
    {
        optimal "Yezza1996Ex41" "Yezza 1996, Ex. 4.1" (0.5, 2.5) [ -1.0 ] [ -1.0 ] with
            F = scalar (fun x y -> (y - 2) ** 2 / 2 + (x - y - 2) ** 2 / 2)
            f = scalar (fun x y -> y ** 2 / 2 + x - y)
            g = scalarRows (fun x y -> [ -y; y - x ])
    }
    {
        optimal "Zlobec2001a" "Zlobec 2001" (-1.0, -1.0) [ 1.0 ] [ 1.0; 1.0 ] with
            F = fun x y -> -y[0] / x[0]
            f = fun _ y -> -(Tensor.sum y)
            g = rows (fun x y -> [ y[0] + x[0] * y[1] - 1; -y ])
    }
    {
        unknown "Zlobec2001b" "Zlobec 2001" [ 1.0 ] [ 1.0 ] with
            F = scalar (fun x y -> x + y)
            f = scalar (fun _ y -> -y)
            G = scalarRows (fun x _ -> [ -x; x - 1 ])
            g = scalarRows (fun _ y -> [ -y; y - 1 ])
            h = scalarRows (fun x y -> [ x * y ])
    }
]
