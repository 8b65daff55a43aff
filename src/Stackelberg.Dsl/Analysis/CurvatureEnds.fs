namespace Stackelberg

open System

/// <summary>The ends of the spectra of a two-player game's second derivatives, found by products alone: for strategies too
/// long for matrices. Each pair comes with its true residual.</summary>
/// <remarks>Where η is added, the follower's answer is regularised throughout: both in the leader's total gradient and in
/// the reaction that it is differentiated along, so that only D₂²f₂ + η I is ever inverted (by conjugate gradients). Without η
/// the inverse of a follower's Hessian that has eigenvalues of both signs near zero would be needed, which no number of
/// products gives; Curvature has those matrices where they are small enough.</remarks>
[<Sealed>]
type CurvatureEnds
    private
    (leader: Eigenpairs, follower: Eigenpairs, jacobian: Eigenpairs, schur: Eigenpairs, total: Eigenpairs) =

    /// <summary>Of D₁²f₁, [m, m], symmetric.</summary>
    member _.LeaderHessian = leader

    /// <summary>Of D₂²f₂, without η, [n, n], symmetric.</summary>
    member _.FollowerHessian = follower

    /// <summary>Of J, [d, d].</summary>
    member _.J = jacobian

    /// <summary>Of D₁²f₁ − D₁₂f₁ (D₂²f₂ + η I)⁻¹ D₂₁f₂, [m, m].</summary>
    member _.SchurJ = schur

    /// <summary>Of the derivative of the leader's regularised total gradient along the regularised reaction, [m, m].</summary>
    member _.TotalHessian = total

    /// <summary>At a point, on the game's present draw and in its precision.</summary>
    /// <param name="settings">How many eigenvalues, which, how well. In single precision residuals below about 1e-5 of the
    /// greatest eigenvalue cannot be had.</param>
    /// <param name="regularisation">η, above 0 unless D₂²f₂ is positive definite.</param>
    /// <param name="game">One leader and one follower, without bounds.</param>
    /// <param name="x">The joint strategy, length d.</param>
    /// <param name="report">Is told the name of each spectrum before it is sought.</param>
    /// <exception cref="T:System.ArgumentException">The game has other players, x another length, or a setting is out of
    /// range.</exception>
    static member At
        (settings: EigenSettings, regularisation: float, game: Game, x: float[], report: Action<string>)
        : CurvatureEnds =
        let func = "CurvatureEnds.At"
        game.Need func (Tensor.ofArray x)

        if game.Levels <> [| 1; 1 |] then
            Require.wrong
                func
                (nameof game)
                (invariant $"is {game}, but one leader and one follower are needed.")

        let conjecture =
            Conjecture.regularized regularisation
            |> Conjecture.withSolver (Solver.cg |> Solver.withTolerance (settings.Tolerance * 0.1))

        let split, d = game.Offsets[1], x.Length
        let value: float[] = Array.zeroCreate d

        let differential direction =
            let run = FieldRun(FieldProgram.Of direction game)
            run.Evaluate(x, value)
            run.Differential x

        let alongOmega = differential (Direction.ofConjecture Conjecture.none)

        /// The follower's regularised answer to a move of the leader, −(D₂²f₂ + η I)⁻¹ D₂₁f₂ v, in its own entries.
        let answer =
            let direction =
                Direction.ofFunction "answer" (box conjecture) 1 (fun game x further ->
                    let point = game.Everybody.Unflatten x
                    let leader, follower = game.PlayerBlock 0, game.PlayerBlock 1
                    let f2 = Objective.ofCost (game.Cost 1)
                    let D2 = Derivative.D2 point
                    let raised = D2 follower follower f2 + regularisation * Operator.identity

                    let moved =
                        -(Operator.inverse conjecture.Solver raised
                          * (D2 follower leader f2 * (game.Everybody.Unflatten further[0])[0]))

                    game.Everybody.Flatten [| (game.Everybody.Unflatten further[0])[0]; moved |])

            let run = FieldRun(FieldProgram.Of direction game)

            fun (v: float[]) (into: float[]) ->
                run.Further(0, v)
                run.Evaluate(x, into)

        let whole, slope: float[] * float[] = Array.zeroCreate d, Array.zeroCreate d

        /// The block of a map in the entries first … first + count − 1; prepare may fill the others.
        let block
            first
            count
            (prepare: float[] -> float[] -> unit)
            (apply: Action<float[], float[]>)
            (v: float[])
            (into: float[])
            =
            Array.Clear whole
            Array.Copy(v, 0, whole, first, count)
            prepare whole slope
            apply.Invoke(whole, slope)
            Array.Copy(slope, first, into, 0, count)

        /// A move of the leader with the follower's answer to it.
        let answered (whole: float[]) (scratch: float[]) =
            answer whole scratch
            Array.Copy(scratch, whole, d)

        let seek name isSymmetric count (product: float[] -> float[] -> unit) =
            report.Invoke name
            Eigenvalues.ofMap settings isSymmetric count (Action<_, _>(fun v into -> product v into))

        let stay _ _ = ()
        let leader = seek "D11f1" true split (block 0 split stay alongOmega)

        let follower =
            seek "D22f2" true (d - split) (block split (d - split) stay alongOmega)

        let jacobian = seek "J" false d (fun v into -> alongOmega.Invoke(v, into))

        let schur =
            seek "Schur complement of J" false split (block 0 split answered alongOmega)

        let alongTotal = differential (Direction.ofConjecture conjecture)

        let total =
            seek "total second derivative" false split (block 0 split answered alongTotal)

        CurvatureEnds(leader, follower, jacobian, schur, total)
