/// Where the published values of BOLIBver2 (Zhou, Zemkoho, Tin) do not hold for the problem as it is stated.
module internal Stackelberg.Bilevel.Tests.Corrections

/// The leader's and the follower's cost at a point with a best answer of the follower, and why.
let corrected = [
    "AiyoshiShimizu1984Ex2",
    0.0,
    100.0,
    "F = 0 with the follower's best answer at x = (0, 30), y = (-10, 10); the published 5 is not the least."
    "AnandalinghamWhite1990",
    -49.0,
    17.0,
    "At the published solution (16, 11) the follower's cost is 33 - 16."
    "DempeDutta2012Ex31",
    -2.0,
    9.0,
    "At x = (1, 1) the follower's two discs touch in (0, 2) alone, so that F = -2 there."
    "DempeLohse2011Ex31a",
    -5.75,
    0.0,
    "At x = (0, 0.5) all answers (y1, 0) cost the follower the same, and (2, 0) is one of them."
    "FalkLiu1995",
    -2.25,
    0.0,
    "The follower answers y = x in its box, and (x - 1.5)^2 + x^2 is least at x = 0.75, which is in it."
    "HuHuangZhang2009",
    -79.0 / 9.0,
    -13.0 / 3.0,
    "At x = 2 the answer is (7/9, 0), which is better for the leader than the published (8/9, 0) at x = 17/9."
    "LanWenShihLee2007",
    -936.0 / 11.0,
    552.0 / 11.0,
    "The corner beside the published values is (192/11, 120/11)."
    "MitsosBarton2006Ex318",
    -1.0,
    0.0,
    "At x = 1 the best answer is y = 0, so that F = -1; the published value is that of x = 0.5."
    "MuuQuy2003Ex2",
    23.0 / 36.0,
    121.0 / 72.0,
    "The best known point can be improved: x = (11/18, 7/18), y = (0, 0, 11/6)."
    "Outrata1990Ex1b", -7.578458164, -0.571893447, "The best known point can be improved."
    "Outrata1990Ex1e",
    -3.92,
    -2.0,
    "The best known point can be improved: x = (-0.4, 0.8), y = (2, 0); the -3.78947 of y = (0, 36/19) too."
    "Outrata1990Ex2d", 0.848505425, -22.950557249, "The best known point can be improved."
    "TollSettingP3",
    -4.5,
    32.0,
    "The best known point can be improved: tolls (1, 3.5, 7), and no traveller of weight 10 on a toll road."
    "WanWangLv2011", 7.5, 0.0, "At x = (0.5, 0.5) the best answer is 0, with F = 7.5 < 10.62."
]

/// Published values of which the solution has not all digits.
let imprecise = [
    "Colson2002BIPA5",
    "f moves much where F is flat: the published 0.57 is f beside the solution, not 0.5481."
    "MacalHurter1997",
    "f moves much where F is flat: the published -0.333 is f beside the solution, not -0.3359."
    "MuuQuy2003Ex1",
    "f moves much where F is flat: the published -0.5868 is f beside the solution, not -0.5917."
    "Outrata1990Ex1a",
    "f moves much where F is flat: the published -6.05 is f beside the solution, not -6.137."
    "Outrata1990Ex1c", "F is -11.9985, as 0.333 and not 1/3 is in the constraints."
    "Outrata1990Ex2e",
    "f moves much where F is flat: the published -14.94 is f beside the solution, not -14.929."
    "Outrata1993Ex32",
    "f moves much where F is flat: the published -20.531 is f beside the solution, not -20.5296."
    "Outrata1994Ex31",
    "f moves much where F is flat: the published -20.531 is f beside the solution, not -20.5296."
    "SinhaMaloDeb2014TP6", "At the solution, x = 17/9 and y = (8/9, 0), f is 7.6173."
]
