namespace Stackelberg

open Stackelberg.Kernels

/// Whether the followers' second derivatives are positive definite: elsewhere their answer is no least cost of theirs, and
/// what is derived from it no leader's gradient.
module internal FollowerCurvature =

    /// <summary>A number above 0 if the curvature of every follower that this can be told of at little cost, in the
    /// entries that no bound holds, is positive definite, and only then. For others, of more than eight entries that
    /// interact, the solves tell.</summary>
    /// <param name="scene">The game as its field is read.</param>
    /// <param name="point">A variable for each player: an entry of a slice is one of what is sliced, so that of a slice
    /// nothing would be seen to depend.</param>
    /// <param name="gradients">The players' total gradients at these.</param>
    /// <returns>A scalar; none if there is nobody to be told of.</returns>
    let least (scene: Game) (point: Tensor[]) (gradients: Tensor[]) : Tensor voption =
        let curvature index =
            let x = point[index]

            let moved =
                if scene.MayHold index then
                    ValueSome(scene.Moved index x gradients[index])
                else
                    ValueNone

            let along (v: Tensor) =
                match Forward.tangent [| x |] [| v |] gradients[index] with
                | null -> Expression.zeros x.DType x.Shape
                | slope -> slope

            let apply v =
                match moved with
                | ValueNone -> along v
                | ValueSome moved ->
                    let free = moved v
                    moved (along free) + v - free

            Definiteness.least apply x.DType x.Shape

        // Where multipliers play it is the curvature along the constraints that counts, which is not looked at here.
        let isAlongConstraints =
            scene.Seats |> Array.exists (fun seat -> seat.Level > 0 && seat.IsMultiplier)

        let known =
            scene.Seats
            |> Array.mapi (fun index seat ->
                if seat.Level > 0 && not isAlongConstraints then
                    curvature index
                else
                    ValueNone)
            |> Array.choose (function
                | ValueSome found -> Some found
                | ValueNone -> None)

        if known.Length = 0 then
            ValueNone
        else
            ValueSome(Array.reduce Tensor.minimum known)

    /// <summary>The same at any expressions.</summary>
    /// <param name="scene">The game as its field is read.</param>
    /// <param name="point">One tensor for each player.</param>
    /// <param name="gradients">The players' total gradients at a point, which are asked for where there are levels between
    /// the first and the last.</param>
    let leastAt (scene: Game) (point: Tensor[]) (gradients: Tensor[] -> Tensor[]) : Tensor voption =
        let trace =
            match Expression.traceOf point with
            | null -> Trace()
            | trace -> trace

        let variables =
            point |> Array.map (fun part -> Expression.variable trace part.DType part.Shape)

        // Without levels between, the leaders' derivatives and their solves need not be written down once more.
        let gradients =
            if scene.Levels.Length > 2 then
                gradients
            else
                Field.gradients Conjecture.none scene

        least scene variables (gradients variables)
        |> ValueOption.map (fun found -> (Substitution.many variables point [| found |])[0])

    /// Whether a solve of a symmetric system met curvature, after what is added to it, that is not positive.
    let isNegative (raisedBy: float) (report: SolveReport) =
        report.Status = SolveStatus.NegativeCurvature
        || report.Curvature < 0.0
        || report.Curvature < raisedBy
