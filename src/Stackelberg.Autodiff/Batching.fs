namespace Stackelberg

open System.Collections.Generic

/// Expressions of one entry made into expressions of a batch: every value gets one more axis at the front. One rule for
/// each op, whatever it is applied to.
module internal Batching =

    /// <param name="variables">The variables of one entry.</param>
    /// <param name="batches">For each a value with one more axis at the front, all of one extent.</param>
    /// <param name="extent">That extent.</param>
    /// <param name="roots">Expressions of the variables and of values that are the same for every entry.</param>
    /// <returns>The expressions for all entries.</returns>
    let many (variables: Tensor[]) (batches: Tensor[]) extent (roots: Tensor[]) : Tensor[] =
        let struct (dependent, _) = Dependence.on variables roots
        let images = Dictionary<Tensor, Tensor>(HashIdentity.Reference)
        Array.iter2 (fun variable batch -> images[variable] <- batch) variables batches

        let image (t: Tensor) =
            match images.TryGetValue t with
            | true, found -> found
            | _ -> Batched.lift extent t

        use _ = Scope.Keep()

        for t in dependent do
            Scope.Current <- t.Scope

            if not (images.ContainsKey t) then
                images[t] <- t.Op.Batch t.Op (Array.map image t.Args)

        Array.map image roots
