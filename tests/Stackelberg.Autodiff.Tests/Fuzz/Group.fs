namespace Stackelberg.Autodiff.Tests.Fuzz

open System

/// Functions of many jets: the reductions of a row.
module Group =

    /// The largest or smallest of some; the derivative is shared equally by those that attain it.
    let extremum (p: Precision) isMaximum (entries: Jet[]) =
        let better (a: Jet) (b: Jet) =
            if isMaximum then
                Wide.Less(b.Values[0], a.Values[0])
            else
                Wide.Less(a.Values[0], b.Values[0])

        match entries |> Array.tryFind (fun e -> e.Values[0].IsNaN) with
        | Some _ -> Jet.notANumber (Jet.sum p entries)
        | None ->
            let best = entries |> Array.reduce (fun a b -> if better b a then b else a)
            let place = entries |> Array.findIndex (fun e -> Object.ReferenceEquals(e, best))
            let others = Array.removeAt place entries
            let orders = others |> Array.map (fun e -> Jet.order e best)
            let depends = entries |> Array.exists _.Depends

            if Array.contains 2 orders then
                let error = entries |> Array.map (fun e -> e.Errors[0]) |> Array.max

                Jet.withOpenDerivatives {
                    best with
                        Errors = best.Errors |> Array.mapi (fun k e -> if k = 0 then max e error else e)
                        Depends = depends
                }
            else
                let ties = [|
                    best
                    for i in 0 .. others.Length - 1 do
                        if orders[i] = 0 then
                            others[i]
                |]

                if ties.Length = 1 then
                    { best with Depends = depends }
                else
                    let total = ties |> Array.reduce (Jet.add p)

                    let hasBothZeros =
                        best.Values[0].IsZero
                        && ties |> Array.exists (fun e -> Double.IsNegative e.Values[0].Hi)
                        && ties |> Array.exists (fun e -> not (Double.IsNegative e.Values[0].Hi))

                    let mean = Entry.scaled p (1.0 / float ties.Length) total

                    {
                        mean with
                            Values = Array.mapi (fun k v -> if k = 0 then best.Values[0] else v) mean.Values
                            Sizes = Array.mapi (fun k v -> if k = 0 then best.Sizes[0] else v) mean.Sizes
                            Errors =
                                Array.mapi
                                    (fun k v ->
                                        if k = 0 then
                                            (if hasBothZeros then p.Tiny else best.Errors[0])
                                        else
                                            v + p.Unit * mean.Sizes[k])
                                    mean.Errors
                            Depends = depends
                    }

    /// The terms of a softmax over their largest, which is the shift that anybody would take. Entries of +∞, or all of −∞,
    /// share what there is as equal ones would.
    let private shifted p (row: Jet[]) =
        let has value =
            row |> Array.exists (fun e -> e.Values[0].Hi = value)

        let allHave value =
            row |> Array.forall (fun e -> e.Values[0].Hi = value)

        let still (e: Jet) = Jet.withValueOf (Entry.zero p) e

        let without (e: Jet) =
            if e.Values |> Array.tail |> Array.forall _.IsFinite then
                Entry.zero p
            else
                Jet.withOpenDerivatives (Entry.zero p)

        if has infinity then
            row
            |> Array.map (fun e ->
                if e.Values[0].Hi = infinity then
                    Entry.exp p (still e)
                else
                    without e),
            infinity
        elif allHave -infinity then
            row |> Array.map (fun e -> Entry.exp p (still e)), -infinity
        else
            let shift = row |> Array.map (fun e -> e.Values[0].Value) |> Array.max

            row
            |> Array.map (fun e -> Entry.exp p (Jet.subtract p e (Jet.constant p shift))),
            shift

    let private hasNaN (row: Jet[]) = row |> Array.exists _.Values[0].IsNaN

    let private isOpen (row: Jet[]) =
        row |> Array.exists (fun e -> Double.IsInfinity e.Errors[0])

    let softmax p (row: Jet[]) =
        if hasNaN row then
            let whole = Jet.notANumber (Jet.sum p row)
            Array.map (fun _ -> whole) row
        else
            let weights, _ = shifted p row
            let total = Jet.sum p weights
            let result = weights |> Array.map (fun w -> Entry.divide p w total)

            if isOpen row then
                Array.map Jet.withOpenValue result
            else
                result

    let logsumexp p (row: Jet[]) =
        if hasNaN row then
            Jet.notANumber (Jet.sum p row)
        else
            let weights, shift = shifted p row
            let found = Entry.log p (Jet.sum p weights)

            if isOpen row then
                Jet.withOpenValue found
            elif Double.IsFinite shift then
                Jet.add p found (Jet.constant p shift)
            else
                Jet.withValueOf (Jet.constant p shift) found

    /// The first of the largest entries, a NaN before all others: a choice of one of them.
    let first p (entries: Jet[]) =
        match entries |> Array.tryFind _.Values[0].IsNaN with
        | Some entry when not (isOpen entries) -> entry
        | _ ->
            entries
            |> Array.reduce (Entry.choose p 1.0 (fun a b -> Wide.Less(b.Values[0], a.Values[0])))
