// Every name that the documentation of the F# face promises, used once, with its value checked.
#load "Prelude.fsx"

open Prelude
open Stackelberg

/// Whether a tensor has these numbers and this shape.
let holds what (shape: int list) (numbers: float list) (t: Tensor) =
    if List.ofArray t.Shape <> shape then
        eprintfn $"  {what} has shape %A{t.Shape}, but %A{shape} was expected."
        exit 1

    for i, number in List.indexed numbers do
        check $"{what} {i}" (t.ToArray()[i]) number 1e-12

// Tensors
let v = Tensor.ofList [ 1.0; 2.0; 3.0; 4.0 ]
let m = Tensor.ofArray2D (array2D [ [ 1.0; 2.0 ]; [ 3.0; 4.0 ] ])
holds "ofSeq" [ 2 ] [ 1.0; 2.0 ] (Tensor.ofSeq (seq { 1.0 .. 2.0 }))
holds "scalar" [] [ 5.0 ] (Tensor.scalar 5.0)
holds "zeros" [ 2; 1 ] [ 0.0; 0.0 ] (Tensor.zeros [ 2; 1 ])
holds "ones" [ 2 ] [ 1.0; 1.0 ] (Tensor.ones [ 2 ])
holds "eye" [ 2; 2 ] [ 1.0; 0.0; 0.0; 1.0 ] (Tensor.eye 2)
holds "full" [ 2 ] [ 7.0; 7.0 ] (Tensor.full [ 2 ] 7.0)
holds "randn" [ 1; 2 ] ((Tensor.randn 1UL [ 2 ]).ToArray() |> List.ofArray) (Tensor.randn 1UL [ 1; 2 ])
check "rand" (float (Tensor.sum (Tensor.rand 1UL [ 1000 ]))) 500.0 50.0
holds "List.sum" [ 4 ] [ 3.0; 6.0; 9.0; 12.0 ] (List.sum [ v; v; v ])
holds "t + t" [ 4 ] [ 2.0; 4.0; 6.0; 8.0 ] (v + v)
holds "float + t" [ 4 ] [ 1.5; 2.5; 3.5; 4.5 ] (0.5 + v)
holds "t + int" [ 4 ] [ 2.0; 3.0; 4.0; 5.0 ] (v + 1)
holds "int - t" [ 4 ] [ 0.0; -1.0; -2.0; -3.0 ] (1 - v)
holds "t - float" [ 4 ] [ 0.5; 1.5; 2.5; 3.5 ] (v - 0.5)
holds "int * t" [ 4 ] [ 2.0; 4.0; 6.0; 8.0 ] (2 * v)
holds "t * float" [ 4 ] [ 2.0; 4.0; 6.0; 8.0 ] (v * 2.0)
holds "t / int" [ 4 ] [ 0.5; 1.0; 1.5; 2.0 ] (v / 2)
holds "float / t" [ 4 ] [ 12.0; 6.0; 4.0; 3.0 ] (12.0 / v)
holds "-t" [ 4 ] [ -1.0; -2.0; -3.0; -4.0 ] -v
holds "t ** int" [ 4 ] [ 1.0; 4.0; 9.0; 16.0 ] (v ** 2)
holds "t ** float" [ 4 ] [ 1.0; sqrt 2.0; sqrt 3.0; 2.0 ] (v ** 0.5)
holds "t ** t" [ 4 ] [ 1.0; 4.0; 27.0; 256.0 ] (v ** v)
holds "pow" [ 4 ] [ 2.0; 4.0; 8.0; 16.0 ] (Tensor.pow 2.0 v)
holds "exp" [ 4 ] [ exp 1.0; exp 2.0 ] (exp v)
holds "log" [ 4 ] [ 0.0; log 2.0 ] (log v)
holds "tanh" [ 4 ] [ tanh 1.0; tanh 2.0 ] (tanh v)
holds "sin" [ 4 ] [ sin 1.0; sin 2.0 ] (sin v)
holds "cos" [ 4 ] [ cos 1.0; cos 2.0 ] (cos v)
holds "tan" [ 4 ] [ tan 1.0; tan 2.0 ] (tan v)
holds "sqrt" [ 4 ] [ 1.0; sqrt 2.0 ] (sqrt v)
holds "abs" [ 4 ] [ 1.0; 2.0 ] (abs -v)
holds "matmul" [ 2; 2 ] [ 7.0; 10.0; 15.0; 22.0 ] (Tensor.matmul m m)
holds "sum" [] [ 10.0 ] (Tensor.sum v)
holds "sumAxis" [ 2 ] [ 4.0; 6.0 ] (Tensor.sumAxis 0 m)
holds "mean" [] [ 2.5 ] (Tensor.mean v)
holds "reshape" [ 2; 2 ] [ 1.0; 2.0; 3.0; 4.0 ] (Tensor.reshape [ 2; 2 ] v)
holds "slice" [ 3 ] [ 2.0; 3.0; 4.0 ] v[1..3]
holds "first of a slice" [ 2 ] [ 1.0; 2.0 ] v[..1]
holds "entry" [] [ 3.0 ] v[2]
holds "block" [ 2; 1 ] [ 2.0; 4.0 ] m[0..1, 1..1]
holds "T" [ 2; 2 ] [ 1.0; 3.0; 2.0; 4.0 ] m.T
holds "last" [] [ 4.0 ] v[-1]
holds "reshape -1" [ 2; 2 ] [ 1.0; 2.0; 3.0; 4.0 ] (Tensor.reshape [ 2; -1 ] v)
let cube = Tensor.reshape [ 1; 2; 2 ] v
holds "third axis" [ 1; 2 ] [ 2.0; 4.0 ] cube[*, *, 1]
holds "norm" [] [ sqrt 30.0 ] (Tensor.norm v)
holds "normAxis" [ 2 ] [ sqrt 5.0; 5.0 ] (Tensor.normAxis 1 m)
holds "pNorm" [] [ 10.0 ] (Tensor.pNorm 1.0 v)
holds "prod" [] [ 24.0 ] (Tensor.prod v)
holds "prodAxis" [ 2 ] [ 3.0; 8.0 ] (Tensor.prodAxis 0 m)
holds "cumulativeProduct" [ 4 ] [ 1.0; 2.0; 6.0; 24.0 ] (Tensor.cumulativeProduct 0 v)
holds "var" [] [ 1.25 ] (Tensor.var v)
holds "varAxis" [ 2 ] [ 0.25; 0.25 ] (Tensor.varAxis 1 m)
holds "std" [] [ sqrt 1.25 ] (Tensor.std v)
holds "sampleStd" [] [ sqrt (5.0 / 3.0) ] (Tensor.sampleStd v)
holds "keepDim" [ 2; 1 ] [ 3.0; 7.0 ] (Tensor.keepDim Tensor.sumAxis 1 m)
holds "clamp" [ 4 ] [ 2.0; 2.0; 3.0; 3.0 ] (Tensor.clamp 2.0 3.0 v)
holds "logaddexp" [] [ log 2.0 ] (Tensor.logaddexp (Tensor.scalar 0.0) (Tensor.scalar 0.0))
holds "erf" [] [ 0.8427007929497149 ] (Tensor.erf (Tensor.scalar 1.0))
holds "erfc" [] [ 0.1572992070502851 ] (Tensor.erfc (Tensor.scalar 1.0))
holds "lgamma" [] [ log 6.0 ] (Tensor.lgamma v[-1])
holds "digamma" [] [ -0.5772156649015329 ] (Tensor.digamma v[0])
holds "asinh" [] [ log (1.0 + sqrt 2.0) ] (Tensor.asinh v[0])
holds "acosh" [] [ log (2.0 + sqrt 3.0) ] (Tensor.acosh v[1])
holds "atanh" [] [ 0.5 * log 3.0 ] (Tensor.atanh (Tensor.scalar 0.5))
holds "sort" [ 4 ] [ -4.0; -3.0; -2.0; -1.0 ] (Tensor.sort 0 -v)
holds "argSort" [ 4 ] [ 3.0; 2.0; 1.0; 0.0 ] (Tensor.argSort 0 -v)
holds "split" [ 3 ] [ 2.0; 3.0; 4.0 ] (Array.last (Tensor.split 0 [ 1; 3 ] v))
holds "linspace" [ 3 ] [ 0.0; 0.5; 1.0 ] (Tensor.linspace 0.0 1.0 3)
holds "arange" [ 2 ] [ 1.0; 3.0 ] (Tensor.arange 1.0 2.0 5.0)
holds "oneHot" [ 2 ] [ 0.0; 1.0 ] (Tensor.oneHot 2 v[0])
holds "det" [] [ -2.0 ] (Tensor.det m)
holds "symmetricEigenvalues" [ 2 ] [ 1.0; 3.0 ] (Tensor.symmetricEigenvalues (Tensor.eye 2 + 1.0))
holds "singularValues" [ 2 ] [ 4.0; 3.0 ] (Tensor.singularValues (Tensor.diag (Tensor.ofList [ -3.0; 4.0 ])))
holds "einsum" [ 2; 2 ] [ 7.0; 10.0; 15.0; 22.0 ] (Tensor.einsum "ij,jk->ik" [ m; m ])
holds "kron" [ 2; 4 ] [ 1.0; 2.0; 0.0; 0.0; 0.0; 0.0; 1.0; 2.0 ] (Tensor.kron (Tensor.eye 2) m[0..0])

holds
    "gradhessianv"
    []
    [ 4.0 ]
    (fst (Diff.gradhessianv (fun x -> Tensor.sum (x * x)) v (Tensor.ofList [ 0.0; 1.0; 0.0; 0.0 ])))

Check.requireGradient (fun x -> Tensor.sum (exp x)) v

holds
    "where"
    [ 4 ]
    [ 0.0; 0.0; 3.0; 4.0 ]
    (Tensor.where (Tensor.greater v (Tensor.scalar 2.0)) v (Tensor.scalar 0.0))

check "float t" (float v[1]) 2.0 0.0
check "ToArray" (Array.sum (v.ToArray())) 10.0 0.0
check "Shape" (float m.Shape.Length) 2.0 0.0
holds "cast" [ 4 ] [ 1.0; 2.0; 3.0; 4.0 ] (Tensor.cast DType.Float32 v)

// Derivatives of f x = Σ x³ and g x = x², at x = (1, 2)
let f (x: Tensor) = Tensor.sum (x ** 3)
let g (x: Tensor) = x * x
let x = Tensor.ofList [ 1.0; 2.0 ]
let w = Tensor.ofList [ 1.0; 10.0 ]

let value what shape numbers (y: Tensor, derivative: Tensor) (valueShape, values) =
    holds $"value of {what}" valueShape values y
    holds what shape numbers derivative

holds "grad" [ 2 ] [ 3.0; 12.0 ] (Diff.grad f x)
value "fgrad" [ 2 ] [ 3.0; 12.0 ] (Diff.fgrad f x) ([], [ 9.0 ])
holds "gradv" [] [ 123.0 ] (Diff.gradv f x w)
value "fgradv" [] [ 123.0 ] (Diff.fgradv f x w) ([], [ 9.0 ])
holds "diff" [] [ 27.0 ] (Diff.diff (fun t -> t ** 3) (Tensor.scalar 3.0))
value "fdiff" [] [ 27.0 ] (Diff.fdiff (fun t -> t ** 3) (Tensor.scalar 3.0)) ([], [ 27.0 ])
holds "jacobian" [ 2; 2 ] [ 2.0; 0.0; 0.0; 4.0 ] (Diff.jacobian g x)
value "fjacobian" [ 2; 2 ] [ 2.0; 0.0; 0.0; 4.0 ] (Diff.fjacobian g x) ([ 2 ], [ 1.0; 4.0 ])
holds "jacobianv" [ 2 ] [ 2.0; 40.0 ] (Diff.jacobianv g x w)
value "fjacobianv" [ 2 ] [ 2.0; 40.0 ] (Diff.fjacobianv g x w) ([ 2 ], [ 1.0; 4.0 ])
holds "jacobianTv" [ 2 ] [ 2.0; 40.0 ] (Diff.jacobianTv g x w)
value "fjacobianTv" [ 2 ] [ 2.0; 40.0 ] (Diff.fjacobianTv g x w) ([ 2 ], [ 1.0; 4.0 ])
holds "hessian" [ 2; 2 ] [ 6.0; 0.0; 0.0; 12.0 ] (Diff.hessian f x)
value "fhessian" [ 2; 2 ] [ 6.0; 0.0; 0.0; 12.0 ] (Diff.fhessian f x) ([], [ 9.0 ])
holds "hessianv" [ 2 ] [ 6.0; 120.0 ] (Diff.hessianv f x w)
value "fhessianv" [ 2 ] [ 6.0; 120.0 ] (Diff.fhessianv f x w) ([], [ 9.0 ])
holds "laplacian" [] [ 18.0 ] (Diff.laplacian f x)
value "flaplacian" [] [ 18.0 ] (Diff.flaplacian f x) ([], [ 9.0 ])
value "jvp" [ 2 ] [ 2.0; 40.0 ] (Diff.jvp g x w) ([ 2 ], [ 1.0; 4.0 ])
let y, pull = Diff.vjp g x
value "vjp" [ 2 ] [ 2.0; 40.0 ] (y, pull w) ([ 2 ], [ 1.0; 4.0 ])
let z, push = Diff.linearize g x
value "linearize" [ 2 ] [ 2.0; 40.0 ] (z, push w) ([ 2 ], [ 1.0; 4.0 ])
holds "jit" [ 2 ] [ 1.0; 4.0 ] (Diff.jit g x)

// The same for a loop, in the words of the design.
let h, force = 0.5, (fun (state: Tensor) -> -state)
let start = Tensor.ofList [ 8.0; -4.0 ]
let last = Loop.scan 3 (fun (state: Tensor) -> state + h * force state) start
holds "Loop.scan" [ 2 ] [ 1.0; -0.5 ] last

holds
    "Loop.path"
    [ 2; 1 ]
    [ 8.0; 4.0 ]
    (Loop.path 1 (fun state -> state + h * force state) (Tensor.ofList [ 8.0 ]))

let fallen =
    Loop.until (fun s -> Tensor.less s (Tensor.scalar 2.5)) 9 (fun s -> 0.5 * s)

holds "Loop.until" [] [ 2.0 ] (fallen (Tensor.scalar 8.0))
holds "its derivative" [] [ 0.25 ] (Diff.diff fallen (Tensor.scalar 8.0))
holds "stopGradient" [] [ 3.0 ] (Diff.diff (fun t -> t * Diff.stopGradient t) (Tensor.scalar 3.0))

// Games
let a, b = Player.vector "a" 2, Player.ofShape "b" [ 1; 2 ]

let bowl =
    game "bowl" {
        leader a (fun q -> Tensor.sum (q[a] ** 2) + Tensor.sum q[b])
        follower b (fun q -> Tensor.sum (q[b] ** 2) - Tensor.sum (q[b] * q[a]))
    }

let chain =
    let c = Player.scalar "c"

    game "chain" {
        leader a (fun q -> Tensor.sum (q[a] ** 2) + q[c])
        follower b (fun q -> Tensor.sum (q[b] ** 2) - Tensor.sum q[a])
        level
        follower c (fun q -> q[c] ** 2 - q[c] * Tensor.sum q[b])
    }

check "levels" (float chain.Levels.Length) 3.0 0.0
let saddle = Game.zeroSum "saddle" (fun x y -> x * x + 4.0 * x * y - y * y)
holds "omega" [ 2 ] [ 10.0; 0.0 ] (Game.omega saddle (Tensor.ofList [ 1.0; 2.0 ]))
holds "J" [ 2; 2 ] [ 2.0; 4.0; -4.0; 2.0 ] (Game.J saddle (Tensor.ofList [ 1.0; 2.0 ]))
let pair = Game.twoPlayer "pair" (fun x y -> x * x + y) (fun x y -> y * y - x * y)
holds "costs" [ 2 ] [ 3.0; 2.0 ] (Game.costs pair (Tensor.ofList [ 1.0; 2.0 ]))
holds "omegaS" [ 2 ] [ 2.5; 3.0 ] (Game.omegaS pair (Tensor.ofList [ 1.0; 2.0 ]))
holds "JS" [ 2; 2 ] [ 2.0; 0.0; -1.0; 2.0 ] (Game.JS pair (Tensor.ofList [ 1.0; 2.0 ]))

holds
    "field"
    [ 2 ]
    [ 2.0 + 1.0 / 3.0; 3.0 ]
    (Game.field (Conjecture.regularized 1.0) pair (Tensor.ofList [ 1.0; 2.0 ]))

// Schedules and noise
check "Rate.constant" ((Rate.constant 0.5).At 9) 0.5 0.0
check "Rate.power" ((Rate.power 2.0 0.5).At 4) 1.0 1e-15
check "Rate.exponential" ((Rate.exponential 8.0 0.5).At 3) 1.0 0.0
check "Rate.warmUp" ((Rate.constant 0.1 |> Rate.warmUp 4).At 1) 0.025 0.0
check "Rate.cosine" ((Rate.cosine 0.2 0.0 10).At 6) 0.1 1e-15
check "Rate.cosineWithRestarts" ((Rate.cosineWithRestarts 0.2 0.0 10 2).At 21) 0.1 1e-15
check "Rate.ofFunction" ((Rate.ofFunction (fun k -> 1.0 / float k)).At 4) 0.25 0.0
check "1/(t+1)" (Rate.harmonicFromZero.At 4) 0.25 0.0
check "1/(t^p+1)" ((Rate.publishedPower 0.5).At 5) (1.0 / 3.0) 1e-15

let learn noise rates =
    bowl
    |> Learn.run
        (Rule.stackelberg Conjecture.bestResponse)
        {
            Learn.settings with
                Steps = 200
                Rates = rates
                Noise = noise
                Seed = 1UL
                RecordEvery = 50
                Stop = Stop.UpdateBelow 1e-15
        }
        (Tensor.ones [ 4 ])

let exact = learn Noise.none [ Rate.constant 0.4 ]
let noisy = learn (Noise.gaussian 0.01) [ Rate.constant 0.1; Rate.constant 0.2 ]
holds "Final" [ 4 ] [ -0.25; -0.25; -0.125; -0.125 ] exact.Final
check "noise moves the end" (float (noisy.Final[0] - exact.Final[0])) 0.0 0.05
check "recorded" (float noisy.RecordedSteps.Length) 5.0 0.0
check "converged" (if exact.Outcome.IsConverged then 1.0 else 0.0) 1.0 0.0

let simultaneous =
    bowl
    |> Learn.run Rule.simultaneous { Learn.settings with Steps = 5 } (Tensor.ones [ 4 ])

check "all steps" (if simultaneous.Outcome.IsOutOfSteps then 1.0 else 0.0) 1.0 0.0

// Analysis
let report = Equilibrium.classify bowl exact.Final

let verdicts = [
    report.IsCriticalOmega, Verdict.No
    report.IsCriticalOmegaS, Verdict.Yes
    report.IsDifferentialNash, Verdict.No
    report.IsDifferentialStackelberg, Verdict.Yes
    report.IsStableSimgrad, Verdict.No
    report.IsStableStackelberg, Verdict.Yes
]

for found, expected in verdicts do
    check "verdict" (float found) (float expected) 0.0

check "EigenvaluesJ" report.EigenvaluesJ[0].Real 2.0 1e-12
check "EigenvaluesJS" report.EigenvaluesJS[3].Real 2.0 1e-12
check "TotalHessian" report.TotalHessian[0, 0] 2.0 1e-12

bowl
|> Known.game "a bowl" [ 1.0; 1.0; 1.0; 1.0 ] 0.4 [
    Known.point [ -0.25; -0.25; -0.125; -0.125 ] [ Trait.DifferentialStackelberg; Trait.StableStackelberg ]
]
|> checkKnown

match Equilibrium.find Concept.Nash (Tensor.ones [ 4 ]) bowl with
| Ok report -> holds "Nash point" [ 4 ] [ 0.0; 0.0; 0.0; 0.0 ] report.Point
| Error failure ->
    eprintfn $"{failure}"
    exit 1

// Charts
check "Chart.trajectory" (float (Chart.trajectory exact).Panels[0].Series.Count) 4.0 0.0
check "Chart.trajectories" (float (Chart.trajectories [ exact; exact ]).Panels.Count) 2.0 0.0
check "Chart.costs" (float (Chart.costs exact).Panels[0].Series.Count) (float exact.Costs.Length) 0.0
check "Chart.spectrum" (float (Chart.spectrum report).Panels[0].Series.Count) 3.0 0.0
