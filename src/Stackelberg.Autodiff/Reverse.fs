namespace Stackelberg

open System.Collections.Generic

/// Reverse differentiation: cotangents from results to arguments.
module internal Reverse =

    /// Contributions that are ranges inside zeros, without overlap, are one concatenation: adding them would walk
    /// the whole vector once for every slice that was taken from it.
    let private joined (contributions: List<Tensor>) : Tensor =
        let first = contributions[0]

        let isPad (t: Tensor) =
            t.IsSymbolic
            && t.Op.Name = "pad"
            && t.LeavesOut
            && t.Op.Attributes[0] = first.Op.Attributes[0]

        if
            contributions.Count < 2
            || not (first.IsSymbolic && Seq.forall isPad contributions)
        then
            null
        else
            let axis = first.Op.Attributes[0]

            let ordered =
                contributions |> Seq.sortBy (fun t -> t.Op.Attributes[1]) |> Array.ofSeq

            let parts = List<Tensor>()
            let mutable at = 0
            let mutable overlap = false

            let gap length (like: Tensor) =
                if length > 0 then
                    parts.Add(Expression.zeros like.DType (Array.updateAt axis length like.Shape))

            for pad in ordered do
                let start = pad.Op.Attributes[1]
                overlap <- overlap || start < at
                gap (start - at) pad
                parts.Add pad.Args[0]
                at <- start + pad.Args[0].Shape[axis]

            if overlap then
                null
            else
                gap (first.Shape[axis] - at) first
                Concat.concat axis (parts.ToArray())

    let private total (contributions: List<Tensor>) : Tensor =
        match joined contributions with
        | null -> Seq.reduce (fun (a: Tensor) b -> a + b) contributions
        | whole -> whole

    /// <summary>The cotangents of variables for a cotangent of an expression.</summary>
    /// <param name="variables">The variables.</param>
    /// <param name="y">The expression.</param>
    /// <param name="cotangent">Of y's shape.</param>
    /// <returns>For each variable the cotangent as a new expression; null where it is zero.</returns>
    let cotangents (variables: Tensor[]) (y: Tensor) (cotangent: Tensor) : Tensor[] =
        let struct (dependent, set) = Dependence.on variables [ y ]
        let pending = Dictionary<Tensor, List<Tensor>>(HashIdentity.Reference)

        let push (target: Tensor) (contribution: Tensor) =
            // Of no entries nothing flows back, not even 0 · NaN.
            if
                not (isNull contribution || contribution.IsStructuralZero)
                && Shape.count target.Shape > 0
            then
                match pending.TryGetValue target with
                | true, list -> list.Add contribution
                | _ -> pending[target] <- List [ contribution ]

        let pushWhere (t: Tensor) contribution =
            for i in 0 .. t.Args.Length - 1 do
                if set.Contains t.Args[i] then
                    push t.Args[i] (contribution i)

        if set.Contains y then
            push y cotangent

        use _ = Scope.Keep()

        for k in dependent.Length - 1 .. -1 .. 0 do
            let t = dependent[k]
            Scope.Current <- t.Scope

            match pending.TryGetValue t with
            | true, contributions when t.Op.Kind.IsVariable |> not ->
                let ct = total contributions

                match t.Op.Kind with
                | Variable
                | Fixed -> ()
                | Elementwise derive -> pushWhere t (fun i -> derive i t.Args t ct)
                | Linear transpose
                | Bilinear transpose -> pushWhere t (fun i -> transpose i t.Args ct)
                | Implicit(_, reverse) ->
                    let found = reverse t.Op t.Args t ct (Array.map set.Contains t.Args)
                    pushWhere t (fun i -> found[i])
            | _ -> ()

        variables
        |> Array.map (fun variable ->
            match pending.TryGetValue variable with
            | true, contributions -> total contributions
            | _ -> null)
