// The tandem game: two riders pedal, f_i = (x + y)² − 2 x_i; all who share the work x + y = 1 are in equilibrium.
// A player who anticipates the other's answer pushes its share onto the other without end: learners that shape their
// opponents destroy this equilibrium (Letcher et al., Stable Opponent Shaping in Differentiable Games).
#load "Prelude.fsx"

open Prelude
open Stackelberg

let tandem =
    Game.twoPlayer "tandem" (fun x y -> (x + y) ** 2 - 2 * x) (fun x y -> (x + y) ** 2 - 2 * y)

let learn rule =
    tandem |> Learn.run rule Learn.settings (Tensor.ofList [ 0.3; -0.2 ])

let naive = learn Rule.simultaneous
printfn $"simultaneous: {naive.Final}, costs {naive.Costs[0]:G4} and {naive.Costs[1]:G4}"
check "the shares' sum" (float (Tensor.sum naive.Final)) 1.0 1e-12

let leading = learn (Rule.stackelberg Conjecture.bestResponse)
printfn $"Stackelberg: {leading.Final}, costs {leading.Costs[0]:G4} and {leading.Costs[1]:G4}"
// Df1 = −2 everywhere: 1000 steps of 0.1 make 200.
check "the leader's share" (float leading.Final[0]) 200.3 1e-9

// J = [2 2; 2 2], so that a whole line is critical; ω_S vanishes nowhere, and J_S = [0 0; 2 2].
let known =
    let shared x =
        Known.point [ x; 1.0 - x ] [ Trait.DifferentialNash ]
        |> Known.undecided [ Trait.StableSimgrad ]
        |> Known.withCosts [ 1.0 - 2.0 * x; 2.0 * x - 1.0 ]
        |> Known.withJ [ 0.0; 4.0 ]
        |> Known.withJS [ 0.0; 2.0 ]

    tandem
    |> Known.game "Letcher et al. (2019); Stackelberg play derived here" [ 0.3; -0.2 ] 0.1 [
        shared 0.5
        shared 0.0
        shared -3.0
    ]

checkKnown known
