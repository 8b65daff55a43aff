namespace Stackelberg

/// Every player moves by its part of the equilibrium of the game's bilinear approximation: x⁺ = x − γ (I + γ C)⁻¹ ω with C
/// the blocks of J off its diagonal.
module internal Competitive =

    let rule =
        RuleDefinition.known
            "competitive gradient descent"
            "Schäfer and Anandkumar 2019, algorithm 1; for more players Ma, Letcher, Schäfer, Shi and Anandkumar 2021"
            []
            (fun s x ->
                let field =
                    Direction.ofStep "competitive" (fun game point ->
                        let everybody = game.Everybody

                        let rates =
                            Tensor.broadcastTo [ game.Dimension ] s.Rate
                            |> Tensor.cast game.Precision
                            |> FieldJacobian.scale

                        let ω = Field.gradients Conjecture.none game point |> everybody.Flatten

                        Operator.inverse
                            Solver.auto
                            (Operator.identity + FieldJacobian.cross game point * rates)
                        * ω
                        |> everybody.Unflatten)

                s.Descend(x, s.Evaluate(field, x)))
