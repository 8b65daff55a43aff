namespace Stackelberg

open System

/// What a nonlinear programme's functions are at a point.
type internal ProgrammeValues = {
    Cost: float
    /// At most 0.
    Inequalities: float[]
    /// 0.
    Equalities: float[]
}

/// First and second derivatives at a point.
type internal ProgrammeSlopes = {
    Gradient: float[]
    InequalitySlopes: float[,]
    EqualitySlopes: float[,]
    /// Of cost + λᵀ g + νᵀ h.
    Hessian: float[,]
}

/// <summary>min φ(z; p) with g(z; p) ≤ 0 and h(z; p) = 0, its functions and their derivatives compiled.</summary>
/// <param name="variables">How many numbers z holds.</param>
/// <param name="inequalities">How many entries g has; 0 for none.</param>
/// <param name="equalities">How many entries h has; 0 for none.</param>
/// <param name="cost">From z and p, vectors, to a scalar.</param>
/// <param name="inequality">From z and p to a vector; not called where there are none.</param>
/// <param name="equality">From z and p to a vector; not called where there are none.</param>
[<Sealed>]
type internal Programme
    (
        variables: int,
        inequalities: int,
        equalities: int,
        cost: Tensor -> Tensor -> Tensor,
        inequality: Tensor -> Tensor -> Tensor,
        equality: Tensor -> Tensor -> Tensor
    ) =

    /// The parts that exist, in order.
    let present (all: unit -> Tensor) (g: unit -> Tensor) (h: unit -> Tensor) = [|
        all ()
        if inequalities > 0 then
            g ()
        if equalities > 0 then
            h ()
    |]

    let values =
        Diff.jitN (fun inputs ->
            let z, p = inputs[0], inputs[1]
            present (fun () -> cost z p) (fun () -> inequality z p) (fun () -> equality z p))

    // Known from the first evaluation on.
    let mutable areRowsConstant, isHessianConstant = false, false

    let isConstant (variables: Tensor[]) (results: Tensor[]) =
        let struct (_, dependent) = Dependence.on variables results
        not (Array.exists dependent.Contains results)

    let gradient =
        Diff.jitN (fun inputs -> [| Diff.grad (fun z -> cost z inputs[1]) inputs[0] |])

    /// Without those of the Lagrangian.
    let first =
        Diff.jitN (fun inputs ->
            let z, p = inputs[0], inputs[1]

            let found =
                present
                    (fun () -> Diff.grad (fun z -> cost z p) z)
                    (fun () -> Diff.jacobian (fun z -> inequality z p) z)
                    (fun () -> Diff.jacobian (fun z -> equality z p) z)

            areRowsConstant <- isConstant [| z |] (Array.tail found)
            found)

    let second =
        Diff.jitN (fun inputs ->
            let z, p = inputs[0], inputs[1]

            let lagrangian z =
                let mutable sum = inputs[2] * cost z p

                if inequalities > 0 then
                    sum <- sum + Tensor.dot inputs[3] (inequality z p)

                if equalities > 0 then
                    sum <- sum + Tensor.dot inputs[inputs.Length - 1] (equality z p)

                sum

            let hessian = Diff.hessian lagrangian z
            isHessianConstant <- isConstant (Array.append [| z |] inputs[3..]) [| hessian |]
            [| hessian |])

    let vector (values: float[]) = Tensor.ofArray values

    let matrix (t: Tensor) =
        let entries = t.ToArray()
        let rows = Array2D.zeroCreate (entries.Length / variables) variables
        Buffer.BlockCopy(entries, 0, rows, 0, Buffer.ByteLength entries)
        rows

    let read (found: Tensor[]) (empty: 'a) (convert: Tensor -> 'a) : struct ('a * 'a) =
        struct ((if inequalities > 0 then convert found[1] else empty),
                (if equalities > 0 then
                     convert found[found.Length - 1]
                 else
                     empty))

    member _.Variables = variables
    member _.Inequalities = inequalities
    member _.Equalities = equalities

    member _.Values (z: float[]) (p: float[]) : ProgrammeValues =
        let found = values [| vector z; vector p |]
        let struct (g, h) = read found [||] (fun t -> t.ToArray())

        {
            Cost = float found[0]
            Inequalities = g
            Equalities = h
        }

    /// Whether the Hessian and the constraints' slopes are the same everywhere, as Slopes has found at its first call: a
    /// quadratic programme.
    member _.IsQuadratic = areRowsConstant && isHessianConstant

    /// The cost's derivative.
    member _.Gradient (z: float[]) (p: float[]) : float[] =
        let found = gradient [| vector z; vector p |]
        found[0].ToArray()

    /// <param name="z">The point.</param>
    /// <param name="p">The parameters.</param>
    /// <param name="weight">What the cost counts in the Hessian.</param>
    /// <param name="λ">The inequalities' multipliers.</param>
    /// <param name="ν">The equalities' multipliers.</param>
    member _.Slopes (z: float[]) (p: float[]) (weight: float) (λ: float[]) (ν: float[]) : ProgrammeSlopes =
        let found = first [| vector z; vector p |]

        let struct (g, h) = read found (Array2D.zeroCreate 0 variables) matrix

        let inputs = [|
            vector z
            vector p
            Tensor.scalar weight
            if inequalities > 0 then
                vector λ
            if equalities > 0 then
                vector ν
        |]

        {
            Gradient = found[0].ToArray()
            InequalitySlopes = g
            EqualitySlopes = h
            Hessian = second inputs |> Array.head |> matrix
        }
