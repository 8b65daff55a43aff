namespace Stackelberg.Autodiff.Tests.Fuzz

open System
open Stackelberg

/// Norms, products, deviations and special functions.
module ReductionOps =

    let private one op a : Drawn = ValueSome(struct (op, [| a |]))
    let private hasEntries (t: Many) = Operation.count t > 0

    /// Whether products and powers of a few such numbers neither overflow nor lose places to underflow, in whatever order.
    let private isModerate (p: Precision) (entries: Jet[]) =
        let limit = if p.Type = DType.Float32 then 1e3 else 1e30

        entries
        |> Array.forall (fun e ->
            e.Values
            |> Array.forall (fun v ->
                let size = abs v.Value
                v.IsFinite && (v.IsZero || size < limit && size > 1.0 / limit)))

    /// Of other numbers nothing is compared: a scaled sum overflows elsewhere.
    let private moderately p (f: Jet[] -> Jet) (entries: Jet[]) =
        let found = f entries

        if isModerate p entries then
            found
        else
            Jet.withOpenValue found

    let private square p x = Jet.multiply p x x

    /// √Σ xᵢ², of derivative 0 where it is 0.
    let private euclidean p (entries: Jet[]) =
        let total = Jet.sum p (Array.map (square p) entries)

        if total.Values[0].IsZero && total.Errors[0] = 0.0 then
            {
                Jet.constant p 0.0 with
                    Depends = total.Depends
            }
        else
            Entry.sqrt p total

    let private norm p = moderately p (euclidean p)

    let private pNorm power p =
        moderately p (fun entries ->
            if power = 1.0 then
                Jet.sum p (Array.map (Entry.abs p) entries)
            elif Double.IsInfinity power then
                Group.extremum p true (Array.map (Entry.abs p) entries)
            else
                let total =
                    entries |> Array.map (fun e -> Entry.power p power (Entry.abs p e)) |> Jet.sum p

                if total.Values[0].IsZero && total.Errors[0] = 0.0 then
                    {
                        Jet.constant p 0.0 with
                            Depends = total.Depends
                    }
                else
                    Entry.power p (1.0 / power) total)

    let private prod p =
        moderately p (Array.reduce (Jet.multiply p))

    let private deviations p (entries: Jet[]) =
        let mean = Entry.scaled p (1.0 / float entries.Length) (Jet.sum p entries)

        entries |> Array.map (fun e -> Jet.subtract p e mean)

    let private variance correction p =
        moderately p (fun entries ->
            deviations p entries
            |> Array.map (square p)
            |> Jet.sum p
            |> Entry.scaled p (1.0 / float (entries.Length - correction)))

    let private deviation correction p =
        moderately p (fun entries ->
            let found = euclidean p (deviations p entries)
            // Equal numbers may deviate by rounding, in any direction.
            let found =
                if found.Values[0].IsZero then
                    Jet.withOpenDerivatives found
                else
                    found

            Entry.scaled p (1.0 / sqrt (float (entries.Length - correction))) found)

    let private atLeast count (t: Many) axis = t.Shape[axis] >= count

    /// name, least number of entries, by the axis, of all, reference.
    let private reductions
        : (string * int * (int -> Tensor -> Tensor) * (Tensor -> Tensor) * (Precision -> Jet[] -> Jet))[] = [|
        "norm", 1, Tensor.normAxis, Tensor.norm, norm
        "pNorm 1", 1, Tensor.pNormAxis 1.0, Tensor.pNorm 1.0, pNorm 1.0
        "pNorm 3", 1, Tensor.pNormAxis 3.0, Tensor.pNorm 3.0, pNorm 3.0
        "pNorm infinity", 1, Tensor.pNormAxis infinity, Tensor.pNorm infinity, pNorm infinity
        "prod", 1, Tensor.prodAxis, Tensor.prod, prod
        "var", 1, Tensor.varAxis, Tensor.var, variance 0
        "sampleVar", 2, Tensor.sampleVarAxis, Tensor.sampleVar, variance 1
        "std", 2, Tensor.stdAxis, Tensor.std, deviation 0
        "sampleStd", 2, Tensor.sampleStdAxis, Tensor.sampleStd, deviation 1
        "logsumexp", 1, Tensor.logsumexpAxis, Tensor.flatten >> Tensor.logsumexp, Group.logsumexp
    |]

    let private reduction (d: Draw) : Drawn =
        let name, least, alongAxis, ofAll, reference = d.OneOf reductions

        match d.Pick(fun t -> t.Shape.Length > 0 && hasEntries t && Operation.count t <= 12) with
        | -1 -> ValueNone
        | a ->
            let t = d.Pool[a]
            let axis = d.Next t.Shape.Length
            let every = [| 0 .. t.Shape.Length - 1 |]

            match d.Next 3 with
            | 0 when Operation.count t >= least ->
                one (Operation.one name ofAll (fun p t -> Many.reduce every (reference p) t)) a
            | 1 when atLeast least t axis ->
                one
                    (Operation.one $"keepDim {name}Axis {axis}" (Tensor.keepDim alongAxis axis) (fun p t ->
                        Many.reduce [| axis |] (reference p) t
                        |> Many.reshape (Array.updateAt axis 1 t.Shape)))
                    a
            | _ when atLeast least t axis ->
                let words = name.Split ' '
                let rest = String.Join(" ", Array.append words[1..] [| string axis |])

                one
                    (Operation.one $"{words[0]}Axis {rest}" (alongAxis axis) (fun p ->
                        Many.reduce [| axis |] (reference p)))
                    a
            | _ -> ValueNone

    let private cumulativeProduct (d: Draw) : Drawn =
        match d.Pick(fun t -> t.Shape.Length > 0 && hasEntries t && Operation.count t <= 12) with
        | -1 -> ValueNone
        | a ->
            let axis = d.Next d.Pool[a].Shape.Length

            one
                (Operation.one $"cumulativeProduct {axis}" (Tensor.cumulativeProduct axis) (fun p ->
                    Many.prefixes axis (prod p)))
                a

    let private clamp low high p (x: Jet) =
        let low, high = Jet.constant p low, Jet.constant p high

        Entry.where (Entry.compare p ((=) -1) x low) low (Entry.where (Entry.compare p ((=) 1) x high) high x)

    /// x² + 2.5: away from the gamma functions' poles and zeros, where all depends on the last place.
    let private away p (x: Jet) =
        Jet.add p (square p x) (Jet.constant p 2.5)

    let private special: (Random -> Operation)[] =
        let always op = fun (_: Random) -> op

        let gamma name order engine =
            always (
                Operation.each name (fun x -> engine (x * x + 2.5)) (fun p x ->
                    moderately p (fun e -> SpecialEntry.polygamma order p (away p e[0])) [| x |])
            )

        [|
            always (Operation.each "asinh" Tensor.asinh Entry.asinh)
            always (Operation.each "acosh" Tensor.acosh Entry.acosh)
            always (Operation.each "atanh" Tensor.atanh Entry.atanh)
            always (Operation.each "erf" Tensor.erf SpecialEntry.erf)
            always (Operation.each "erfc" Tensor.erfc SpecialEntry.erfc)
            gamma "lgamma" 0 Tensor.lgamma
            gamma "digamma" 1 Tensor.digamma
            gamma "polygamma 1" 2 (Tensor.polygamma 1)
            (fun random ->
                let low = [| -1.0; 0.0; 0.5 |][random.Next 3]
                let high = low + [| 0.0; 1.0; 2.0 |][random.Next 3]

                Operation.each
                    $"clamp {Operation.show low} {Operation.show high}"
                    (Tensor.clamp low high)
                    (clamp low high))
        |]

    let private elementwise (d: Draw) : Drawn =
        one ((d.OneOf special) d.Random) (d.Pick(fun _ -> true))

    let private logaddexp (d: Draw) : Drawn =
        let a = d.Pick(fun _ -> true)
        let b = d.Pick(fun t -> t.Shape = d.Pool[a].Shape)

        ValueSome(
            struct (Operation.pair "logaddexp" Tensor.logaddexp (fun p a b -> Group.logsumexp p [| a; b |]),
                    [| a; b |])
        )

    let draw (d: Draw) : Drawn =
        match d.Next 8 with
        | 0 -> cumulativeProduct d
        | 1 -> logaddexp d
        | 2
        | 3
        | 4 -> elementwise d
        | _ -> reduction d
