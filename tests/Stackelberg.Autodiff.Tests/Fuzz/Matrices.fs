namespace Stackelberg.Autodiff.Tests.Fuzz

open System

/// Systems, factors and determinants of small matrices of jets, by elimination.
module Matrices =

    let rows (t: Many) =
        let n = t.Shape[1]
        Array2D.init t.Shape[0] n (fun i j -> t.Entries[i * n + j])

    let ofRows (a: Jet[,]) = {
        Shape = [| Array2D.length1 a; Array2D.length2 a |]
        Entries = [|
            for i in 0 .. Array2D.length1 a - 1 do
                for j in 0 .. Array2D.length2 a - 1 do
                    a[i, j]
        |]
    }

    let private size (x: Jet) = x.Sizes[0]

    /// Eliminates below the diagonal of a, along with b; gives the sign of the permutation, or 0 for a pivot of 0.
    let private eliminate p (a: Jet[,]) (b: Jet[,]) =
        let n = Array2D.length1 a
        let a, b = Array2D.copy a, Array2D.copy b
        let mutable sign = 1.0

        for k in 0 .. n - 1 do
            let pivot = Seq.maxBy (fun i -> size a[i, k]) [ k .. n - 1 ]

            if pivot <> k then
                sign <- -sign

                for m in [ a; b ] do
                    for j in 0 .. Array2D.length2 m - 1 do
                        let held = m[k, j]
                        m[k, j] <- m[pivot, j]
                        m[pivot, j] <- held

            for i in k + 1 .. n - 1 do
                let factor = Entry.divide p a[i, k] a[k, k]

                for m, first in [ a, k + 1; b, 0 ] do
                    for j in first .. Array2D.length2 m - 1 do
                        m[i, j] <- Jet.subtract p m[i, j] (Jet.multiply p factor m[k, j])

        a, b, sign

    /// X with A X = B, from an upper triangular A.
    let private substitute p (a: Jet[,]) (b: Jet[,]) =
        let n = Array2D.length1 a
        let x = Array2D.copy b

        for column in 0 .. Array2D.length2 b - 1 do
            for i in n - 1 .. -1 .. 0 do
                for j in i + 1 .. n - 1 do
                    x[i, column] <- Jet.subtract p x[i, column] (Jet.multiply p a[i, j] x[j, column])

                x[i, column] <- Entry.divide p x[i, column] a[i, i]

        x

    /// Another order of pivots is as good as this one only relative to the largest entries; of matrices that are not
    /// finite nothing is promised but that the result is not.
    let private loosenedWhere (isMixed: int -> int -> bool) (inputs: Jet[,] list) (x: Jet[,]) =
        let isFinite =
            inputs
            |> Seq.forall (Seq.cast<Jet> >> Seq.forall (fun e -> e.Values[0].IsFinite))

        let hasDerivatives =
            inputs
            |> Seq.forall (
                Seq.cast<Jet>
                >> Seq.forall (fun e ->
                    Array.forall (fun (v: Wide) -> v.IsFinite) e.Values
                    && Array.forall Double.IsFinite e.Errors)
            )

        if x.Length = 0 then
            x
        elif not isFinite then
            Array2D.map Jet.withOpenValue x
        elif not hasDerivatives then
            Array2D.map Jet.withOpenDerivatives x
        else
            let n = float (Array2D.length1 x)

            let worst k =
                x
                |> Seq.cast<Jet>
                |> Seq.map (fun e -> e.Errors[k])
                |> Seq.fold (fun a b -> if Double.IsNaN b then infinity else max a b) 0.0

            let errors = Array.init x[0, 0].Errors.Length worst
            let depends = inputs |> Seq.exists (Seq.cast<Jet> >> Seq.exists _.Depends)

            x
            |> Array2D.mapi (fun i j e -> {
                e with
                    Depends = e.Depends || (isMixed i j && depends)
                    Errors =
                        errors
                        |> Array.mapi (fun k worst ->
                            // Of a zero not even the sign is sure; derivatives are products of whole matrices.
                            if e.Errors[k] > 0.0 || (isMixed i j && k > 0) then
                                n * worst
                            elif isMixed i j && e.Values[k].IsZero then
                                Double.Epsilon
                            else
                                0.0)
            })

    let private loosened = loosenedWhere (fun _ _ -> true)

    /// Elimination is right for a matrix near by: relative to its largest entries.
    let private nearBy (p: Precision) (a: Jet[,]) =
        let largest k =
            a |> Seq.cast<Jet> |> Seq.map (fun e -> e.Sizes[k]) |> Seq.fold max 0.0

        if a.Length < 2 then
            a
        else
            let sizes = Array.init a[0, 0].Sizes.Length largest

            a
            |> Array2D.map (fun e -> {
                e with
                    Errors = Array.map2 (fun e size -> e + 4.0 * p.Unit * size) e.Errors sizes
            })

    let private hasZeroPivot (upper: Jet[,]) =
        Seq.exists (fun i -> upper[i, i].Values[0].IsZero) (seq { 0 .. Array2D.length1 upper - 1 })

    let solve p a b =
        let a = nearBy p a
        let upper, right, _ = eliminate p a b
        let x = substitute p upper right |> loosened [ a; b ]

        if hasZeroPivot upper then
            Array2D.map Jet.withOpenValue x
        else
            x

    let private identity p n =
        Array2D.init n n (fun i j -> Jet.constant p (if i = j then 1.0 else 0.0))

    let inverse p (a: Jet[,]) =
        solve p a (identity p (Array2D.length1 a))

    let logDeterminant p (a: Jet[,]) =
        let a = nearBy p a
        let upper, _, _ = eliminate p a (Array2D.create (Array2D.length1 a) 0 a[0, 0])

        let terms =
            Array.init (Array2D.length1 a) (fun i -> Entry.log p (Entry.abs p upper[i, i]))

        (loosened [ a ] (Array2D.create 1 1 (Jet.sum p terms)))[0, 0]

    let triangular p isLower (t: Jet[,]) (b: Jet[,]) =
        let n = Array2D.length1 t

        (if isLower then
             // The order of the unknowns reversed makes it upper.
             let turned = Array2D.init n n (fun i j -> t[n - 1 - i, n - 1 - j])
             let right = Array2D.init n (Array2D.length2 b) (fun i j -> b[n - 1 - i, j])
             let x = substitute p turned right
             Array2D.init n (Array2D.length2 b) (fun i j -> x[n - 1 - i, j])
         else
             substitute p t b)
        |> loosened [
            Array2D.mapi (fun i j e -> if i = j || (i > j) = isLower then e else t[i, i]) t
            b
        ]

    /// Of the symmetric part.
    let cholesky p (a: Jet[,]) =
        let a = nearBy p a
        let n = Array2D.length1 a
        let l = Array2D.create n n (Jet.constant p 0.0)

        for j in 0 .. n - 1 do
            for i in j .. n - 1 do
                let mutable rest = Entry.scaled p 0.5 (Jet.add p a[i, j] a[j, i])

                for k in 0 .. j - 1 do
                    rest <- Jet.subtract p rest (Jet.multiply p l[i, k] l[j, k])

                l[i, j] <-
                    if i = j then
                        Entry.sqrt p rest
                    else
                        Entry.divide p rest l[j, j]

        let failed =
            Seq.exists
                (fun i ->
                    not (
                        l[i, i].Values[0].Hi > 0.0
                        && l[i, i].Values[0].IsFinite
                        && Double.IsFinite l[i, i].Errors[0]
                    ))
                [ 0 .. n - 1 ]

        if failed then
            Array2D.map Jet.withOpenValue l
        else
            l |> loosenedWhere (fun i j -> i >= j) [ a ]
