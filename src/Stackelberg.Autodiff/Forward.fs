namespace Stackelberg

open System.Collections.Generic

/// Forward differentiation: tangents from arguments to results.
module internal Forward =

    /// <summary>The derivative of an expression along directions of its variables.</summary>
    /// <param name="variables">The variables that move.</param>
    /// <param name="directions">Their tangents, which may not depend on the variables.</param>
    /// <param name="y">The expression.</param>
    /// <returns>The tangent of y as a new expression; null where it is zero.</returns>
    let tangent (variables: Tensor[]) (directions: Tensor[]) (y: Tensor) : Tensor =
        let struct (dependent, _) = Dependence.on variables [ y ]
        let tangents = Dictionary<Tensor, Tensor>(HashIdentity.Reference)
        Array.iter2 (fun variable direction -> tangents[variable] <- direction) variables directions

        let tangentOf (t: Tensor) : Tensor =
            match tangents.TryGetValue t with
            | true, found -> found
            | _ -> null

        let plus (a: Tensor) (b: Tensor) =
            if isNull a then b
            elif isNull b then a
            else a + b

        use _ = Scope.Keep()

        for t in dependent do
            Scope.Current <- t.Scope
            let moving = Array.map tangentOf t.Args

            let result: Tensor =
                match t.Op.Kind with
                | Variable -> tangentOf t
                | _ when Array.forall isNull moving || Shape.count t.Shape = 0 -> null
                | Fixed -> null
                | Elementwise derive ->
                    let mutable total = null

                    for i in 0 .. moving.Length - 1 do
                        if not (isNull moving[i]) then
                            total <- plus total (derive i t.Args t moving[i])

                    total
                | Linear _ ->
                    let filled =
                        Array.map2
                            (fun (arg: Tensor) tangent ->
                                if isNull tangent then
                                    Expression.zeros arg.DType arg.Shape
                                else
                                    tangent)
                            t.Args
                            moving

                    Expression.apply t.Op filled
                | Bilinear _ ->
                    let mutable total = null

                    for i in 0 .. moving.Length - 1 do
                        if not (isNull moving[i]) then
                            total <- plus total (Expression.apply t.Op (Array.updateAt i moving[i] t.Args))

                    total
                | Implicit(forward, _) -> forward t.Op t.Args t moving

            if not (isNull result) && not result.IsStructuralZero then
                tangents[t] <- result

        tangentOf y
