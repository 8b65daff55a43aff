(**
---
title: Reading a report card
category: Start
categoryindex: 1
index: 3
---
*)
(*** hide ***)
#load "../games/Prelude.fsx"
open Prelude
let drawn (figure: Stackelberg.Figures.Figure) = $"<figure>{figure.ToSvg()}</figure>"
(**
# Reading a report card
*)
open Stackelberg

let saddle = Game.zeroSum "saddle" (fun x y -> x ** 2 / 2 + 2 * x * y - y ** 2 / 2)
let report = Equilibrium.classify saddle (Tensor.ofList [ 0.0; 0.0 ])
printfn $"{report}"
(*** include-output ***)
(*** hide ***)
check "the Schur complement" (float report.Point[0]) 0.0 1e-12
