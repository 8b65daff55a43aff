(**
---
title: GANs
category: Problems
categoryindex: 3
index: 2
---
*)
(*** hide ***)
#load "../.ci/Page.fsx"

open Prelude
open Page
(**
# GANs

A network is a pure function of one flat vector, so a GAN is an ordinary game: the generator leads, the discriminator follows,
and the batches are drawn by the game's sampler. Every rule and every analysis takes it.
*)
open Stackelberg
open Stackelberg.Data
open Stackelberg.Evaluation
open Stackelberg.Gans
open Stackelberg.Networks

let gan =
    Gan(
        "diamond",
        Architectures.MixtureGenerator(Activation.Tanh, width = 16, latent = 8),
        Architectures.MixtureDiscriminator(Activation.Tanh, width = 16),
        GanObjective.Saturating,
        GaussianMixture.Diamond.Sampler(Gan.Real, 64)
    )

printfn $"{gan.Generator.Summary()}"
printfn $"{gan.Discriminator.Summary()}"
(*** include-output ***)
(*** hide ***)
// 8·16 + 16 + 16·16 + 16 + 16·2 + 2 weights, and 2·16 + 16 + 16 + 1.
check "weights of the generator" (float gan.Generator.ParameterCount) 450.0 0.0
check "weights of the discriminator" (float gan.Discriminator.ParameterCount) 65.0 0.0
(**
The generator's total derivative needs the inverse of the discriminator's second derivative, which may be indefinite.
It is raised by η, and the linear system is solved by five steps of conjugate gradients from products alone
(arXiv 1906.01217, appendices C and E).
*)
let conjecture =
    Conjecture.regularized 1.0
    |> Conjecture.withSolver (Solver.cg |> Solver.withMaxIterations 5)

let leading =
    Rule.stackelberg conjecture |> Rule.preconditioned [ Preconditioner.adam ]

let simultaneous = Rule.simultaneous |> Rule.preconditioned [ Preconditioner.adam ]

let train rule =
    gan.Game
    |> Learn.run
        rule
        {
            Learn.settings with
                Steps = 1500
                Rates = [ Rate.constant 2e-3 ]
                Seed = 1UL
                RecordEvery = 500
        }
        (Tensor.ofArray (gan.Start(Initializer.TorchDefault, seed = 1UL)))
(**
What the generator makes of 400 latent points, and how many of them lie within three standard deviations of a mode:
*)
let latent = Tensor.randn 9UL [ 400; 8 ]

let points (run: Run) =
    gan.Generator.Apply(Tensor.ofArray (gan.GeneratorOf(run.Final.ToArray())), latent)

let runs = [ for rule in [ simultaneous; leading ] -> rule.Name, train rule ]

for name, run in runs do
    let coverage = ModeCoverage.Of((points run).ToArray(), GaussianMixture.Diamond)
    printfn $"{name}: {coverage.Captured} of 4 modes, {coverage.ShareNear:P0} of the points near one"
(*** include-output ***)
(*** hide ***)
let found = points (snd runs[1])
check "points made" (float found.Shape[0]) 400.0 0.0

check
    "modes that Stackelberg play captures"
    (float (ModeCoverage.Of(found.ToArray(), GaussianMixture.Diamond).Captured))
    4.0
    0.0
(**
The density of the points that Stackelberg play makes, by `found |> Chart.density |> Chart.show`:
*)
(*** hide ***)
found |> Chart.density |> drawn
(*** include-it-raw ***)
(**
How the inner solves went travels with the run:
*)
printfn $"{(snd runs[1]).Solves}"
(*** include-output ***)
(**
This is one seed and a small network: it shows how, not which rule is better. Five seeds at the published size are in
`experiments/mog-diamond` and `experiments/mog-circle`; what the second derivatives at their ends say is in
[the claims](claims.html). `stackelberg run mog-diamond` trains them, `stackelberg run dcgan` a DCGAN.
*)
