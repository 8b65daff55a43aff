namespace Stackelberg

open System.Collections.Generic

/// Expressions with symbols replaced, rebuilt through the ops' own simplification: the one primitive behind leaving
/// a transform, calling a linear map and closing a program over its inputs.
module internal Substitution =

    /// <param name="replaced">Symbols to replace, which need not be variables.</param>
    /// <param name="replacements">A value of the same shape for each.</param>
    /// <param name="roots">The expressions. A null stays null.</param>
    let many (replaced: Tensor[]) (replacements: Tensor[]) (roots: Tensor[]) : Tensor[] =
        let struct (dependent, _) =
            Dependence.on replaced (roots |> Seq.filter (isNull >> not))

        let map = Dictionary<Tensor, Tensor>(HashIdentity.Reference)
        Array.iter2 (fun from into -> map[from] <- into) replaced replacements

        let image (t: Tensor) =
            match map.TryGetValue t with
            | true, found -> found
            | _ -> t

        use _ = Scope.Keep()

        for t in dependent do
            Scope.Current <- t.Scope

            if not (map.ContainsKey t) then
                map[t] <- Expression.apply t.Op (Array.map image t.Args)

        roots |> Array.map (fun root -> if isNull root then null else image root)

    let one replaced replacement root =
        (many [| replaced |] [| replacement |] [| root |])[0]
