namespace Stackelberg

open System
open Stackelberg.Kernels

[<RequireQualifiedAccess; CompilationRepresentation(CompilationRepresentationFlags.ModuleSuffix)>]
module Eigenvalues =

    let settings = {
        Count = 6
        Which = Which.SmallestReal
        Tolerance = 1e-10
        MaxRestarts = 300
        Seed = 0UL
        WantsVectors = false
    }

    /// Up to here the whole decomposition is the faster. Six eigenvalues where a product is cheap, in milliseconds,
    /// decomposed and by search: 0.6 and 0.8 at n = 64, 1.9 and 2.1 at 100, 12 and 3.5 at 160; symmetric 0.4 and 0.6,
    /// 1.6 and 0.9, 14 and 1.3. Dear products favour it as long as a search takes more than n, some 120 to 200.
    let private denseUpTo = 96

    let private check func settings dimension =
        if dimension < 1 then
            Require.wrong func (nameof dimension) (invariant $"is {dimension}, but at least 1 is needed.")

        if settings.Count < 1 then
            Require.wrong
                func
                (nameof settings)
                (invariant $"has Count {settings.Count}, but at least 1 is needed.")

        if settings.MaxRestarts < 0 then
            Require.wrong
                func
                (nameof settings)
                (invariant $"has MaxRestarts {settings.MaxRestarts}, but at least 0 is needed.")

        if not (Double.IsFinite settings.Tolerance && settings.Tolerance > 0.0) then
            Require.wrong
                func
                (nameof settings)
                (invariant $"has Tolerance {settings.Tolerance}, but a finite number above 0 is needed.")

    let ofMap settings isSymmetric dimension (apply: Action<float[], float[]>) =
        check "Eigenvalues.ofMap" settings dimension
        Require.notNull "Eigenvalues.ofMap" (nameof apply) apply
        let ends = if settings.Which = Which.BothEnds then 2L else 1L
        let size = max 32L (2L * ends * int64 settings.Count + 12L)

        if dimension <= denseUpTo || int64 dimension <= size then
            Krylov(settings, isSymmetric, dimension, dimension, apply).Decompose()
        else
            Krylov(settings, isSymmetric, dimension, int size, apply).Search()

    let ofOperator settings (operator: Operator) =
        if isNull operator.Source || operator.Source <> operator.Target then
            let show shape =
                if isNull shape then "any" else Shape.show shape

            Require.wrong
                "Eigenvalues.ofOperator"
                (nameof operator)
                (invariant
                    $"maps shape {show operator.Source} to {show operator.Target}, but one known shape on both sides is needed.")

        let program =
            Program.compile [| DType.Float64, operator.Source |] [| true |] (fun inputs -> [|
                operator.Apply inputs[0]
            |])

        let run = program.CreateRun()
        let input: float[] = run.Input 0
        let output: float[] = run.Output 0
        run.Prepare()

        let apply (v: float[]) (into: float[]) =
            v.CopyTo(input, 0)
            run.Apply()
            output.CopyTo(into, 0)

        ofMap settings operator.IsSymmetric (Shape.count operator.Source) (Action<_, _> apply)
