namespace Stackelberg

open System.Numerics

/// <summary>The second derivatives of a game of one leader and one follower at a point, whole matrices, with the follower's
/// curvature raised by η or not: what is said of the end of a run of networks.</summary>
/// <remarks>For thousands of parameters: three Hessians of d columns each, whatever the inner solves would cost. F1 and
/// F2 are the costs' Hessians in all entries; with H = D₂²f₂ + η I and w = H⁻¹ D₂f₁, Φ is the Hessian of x ↦ ⟨w, D₂f₂(x)⟩ with
/// w fixed. The first rows of the Jacobian of the leader's regularised total gradient are then
/// F1₁ − Φ₁ − D₂₁f₂ᵀ H⁻¹ (F1₂ − Φ₂).</remarks>
[<Sealed>]
type Curvature
    internal
    (regularisation: float, split: int, leader: float[,], follower: float[,], slope: float[], third: float[,])
    =

    let d = leader.GetLength 0
    let ones, twos = [| 0 .. split - 1 |], [| split .. d - 1 |]

    let block rows columns (a: float[,]) =
        Tensor.ofArray2D (Dense.select rows columns a)

    let matrix (t: Tensor) =
        let values, columns = t.ToArray(), t.Shape[1]
        Array2D.init t.Shape[0] columns (fun i j -> values[i * columns + j])

    let own = block twos twos follower
    let raised = own + regularisation * Tensor.eye twos.Length
    let mixed = block twos ones follower

    /// <summary>η.</summary>
    member _.Regularisation = regularisation

    /// <summary>D₁²f₁, [m, m].</summary>
    member _.LeaderHessian = Dense.select ones ones leader

    /// <summary>D₂²f₂, without η, [n, n].</summary>
    member _.FollowerHessian = Dense.select twos twos follower

    /// <summary>J, the derivative of ω, [d, d].</summary>
    member _.J =
        Array2D.init d d (fun i j -> if i < split then leader[i, j] else follower[i, j])

    /// <summary>D₁²f₁ − D₁₂f₁ (D₂²f₂ + η I)⁻¹ D₂₁f₂, [m, m]: what the published arXiv code looks at.</summary>
    member _.SchurJ =
        block ones ones leader
        - Tensor.matmul (block ones twos leader) (Tensor.solve raised mixed)
        |> matrix

    /// <summary>D₁²f₁ − 2 D₁₂f₁ R D₂₁f₂ + D₂₁f₂ᵀ R D₂²f₁ R D₂₁f₂ with R = (D₂²f₂ + η I)⁻¹, [m, m]: what the published ICML code
    /// saves as its second-order matrix. Third derivatives are left out.</summary>
    member _.PublishedSecondOrder =
        let answer = Tensor.solve raised mixed

        block ones ones leader - 2.0 * Tensor.matmul (block ones twos leader) answer
        + Tensor.matmul answer.T (Tensor.matmul (block twos twos leader) answer)
        |> matrix

    /// <summary>D²f₁ along the reaction curve: the Schur complement over the follower of the Jacobian of the leader's total
    /// gradient, regularised by η, and the follower's gradient, [m, m]. Where η is above 0 it has no symmetry; its
    /// symmetric part decides.</summary>
    member _.TotalHessian =
        let difference = Tensor.ofArray2D leader - Tensor.ofArray2D third
        let first, second = difference[0 .. split - 1, *], difference[split .. d - 1, *]
        let slope = first - Tensor.matmul mixed.T (Tensor.solve raised second)

        slope[*, 0 .. split - 1]
        - Tensor.matmul slope[*, split .. d - 1] (Tensor.solve own mixed)
        |> matrix

    /// <summary>D₂f₁, [n].</summary>
    member _.LeaderSlope = slope

    /// <summary>The eigenvalues of a matrix by real, then imaginary part.</summary>
    /// <param name="matrix">Square.</param>
    static member Eigenvalues(matrix: float[,]) : Complex[] = Dense.eigenvalues matrix

    /// <summary>The eigenvalues of a matrix's symmetric part, ascending.</summary>
    /// <param name="matrix">Square.</param>
    static member SymmetricEigenvalues(matrix: float[,]) : float[] =
        matrix |> Dense.symmetricPart |> Dense.eigenvalues |> Array.map _.Real

    /// <summary>At a point, for several η.</summary>
    /// <param name="regularisations">Each η, at least 0.</param>
    /// <param name="game">One leader and one follower, without bounds.</param>
    /// <param name="x">The joint strategy, length d.</param>
    /// <returns>One for each η.</returns>
    /// <exception cref="T:System.ArgumentException">The game has other players, x another length, or an η is negative.</exception>
    static member At(regularisations: float[], game: Game, x: float[]) : Curvature[] =
        Curvature.At(regularisations, game, x, ignore, System.Threading.CancellationToken.None)

    /// <summary>The same, where it takes long.</summary>
    /// <param name="regularisations">Each η; 0 for the true derivatives.</param>
    /// <param name="game">The game: one leader, one follower.</param>
    /// <param name="x">The joint strategy, length d.</param>
    /// <param name="progress">Hears which share of the matrices is there, after each.</param>
    /// <param name="cancellation">Ends it between two matrices.</param>
    /// <returns>One for each η.</returns>
    /// <exception cref="T:System.ArgumentException">The game has other players, x another length, or an η is negative.</exception>
    /// <exception cref="T:System.OperationCanceledException">It was cancelled.</exception>
    static member At
        (
            regularisations: float[],
            game: Game,
            x: float[],
            progress: System.Action<float>,
            cancellation: System.Threading.CancellationToken
        ) : Curvature[] =
        let func = "Curvature.At"
        game.Need func (Tensor.ofArray x)

        if game.Levels <> [| 1; 1 |] then
            Require.wrong
                func
                (nameof game)
                (invariant
                    $"is {game}, but one leader and one follower are needed; take Equilibrium.classify for other games.")

        for regularisation in regularisations do
            if not (regularisation >= 0.0 && System.Double.IsFinite regularisation) then
                Require.wrong
                    func
                    (nameof regularisations)
                    (invariant $"holds {regularisation}, but finite numbers of at least 0 are needed.")

        let split = game.Offsets[1]

        /// A player's cost, or its slope along a direction of its own, differentiated in all entries.
        let gradient player =
            Direction.ofFunction (invariant $"gradient of cost {player}") null 0 (fun game x _ ->
                Diff.grad (fun x -> game.Cost player (game.Everybody.Unflatten x)) x)

        let along =
            Direction.ofFunction "gradient of the follower's slope" null 1 (fun game x further ->
                Diff.grad
                    (fun x ->
                        let point = game.Everybody.Unflatten x
                        let own y = game.Cost 1 [| point[0]; y |]
                        let w = game.Everybody.Unflatten further[0]
                        Diff.jvp own point[1] w[1] |> snd)
                    x)

        let made = ref 0

        let hessian direction (further: float[]) =
            let run = FieldRun(FieldProgram.Of direction game)

            if further.Length > 0 then
                run.Further(0, further)

            let value = Array.zeroCreate x.Length
            run.Evaluate(x, value)
            cancellation.ThrowIfCancellationRequested()
            let jacobian = run.Jacobian x
            made.Value <- made.Value + 1
            progress.Invoke(float made.Value / float (2 + regularisations.Length))
            value, jacobian

        let value, leader = hessian (gradient 0) [||]
        let _, follower = hessian (gradient 1) [||]
        let slope = value[split..]

        let own =
            Dense.select [| split .. x.Length - 1 |] [| split .. x.Length - 1 |] follower

        regularisations
        |> Array.map (fun regularisation ->
            let raised = Tensor.ofArray2D own + regularisation * Tensor.eye slope.Length
            let w = Tensor.solve raised (Tensor.ofArray slope)
            let _, third = hessian along (Array.append (Array.zeroCreate split) (w.ToArray()))
            Curvature(regularisation, split, leader, follower, slope, third))
