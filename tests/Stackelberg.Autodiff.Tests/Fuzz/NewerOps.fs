namespace Stackelberg.Autodiff.Tests.Fuzz

open System
open Stackelberg

/// Special functions, norms, products, statistics, sorting, determinants and eigenvalues.
module SpecialOps =

    let private one op a : Drawn = ValueSome(struct (op, [| a |]))
    let private hasEntries (t: Many) = Operation.count t > 0
    let private isFinite (x: Jet) = x.Values[0].IsFinite

    let private erf p =
        Jet.apply p (fun _ -> 1.0) Special.erfTaylor

    let private erfc p =
        Jet.apply p (fun _ -> 1.0) Special.erfcTaylor

    /// What is documented: beside its zeros the error is relative to 1; nothing far below 0.
    let private gamma n (p: Precision) (x: Jet) =
        if isFinite x && x.Values[0].Value < -60.0 then
            Jet.withOpenValue x
        else
            let y = Jet.apply p Special.radius (Special.gammaTaylor n) x

            if not (isFinite x) || not (isFinite y) then
                Jet.withOpenDerivatives y
            else
                {
                    y with
                        Errors =
                            y.Errors
                            |> Array.mapi (fun k e ->
                                if k = 0 then
                                    e + 16.0 * p.Unit
                                else
                                    e + 32.0 * p.Unit * y.Sizes[k])
                }

    let private clamp low high p (x: Jet) =
        let low, high = Jet.constant p low, Jet.constant p high

        match Jet.order x low, Jet.order high x with
        | 3, _ -> Jet.withOpenDerivatives x
        | 2, _
        | _, 2 -> Jet.withOpenDerivatives x
        | -1, _ -> low
        | _, -1 -> high
        | _ -> x

    let private unary: (Random -> Operation)[] =
        let always op = fun (_: Random) -> op

        [|
            always (Operation.each "asinh" Tensor.asinh Entry.asinh)
            always (Operation.each "acosh" Tensor.acosh Entry.acosh)
            always (Operation.each "atanh" Tensor.atanh Entry.atanh)
            always (Operation.each "erf" Tensor.erf erf)
            always (Operation.each "erfc" Tensor.erfc erfc)
            always (Operation.each "lgamma" Tensor.lgamma (gamma -1))
            always (Operation.each "digamma" Tensor.digamma (gamma 0))
            (fun random ->
                let low = float (random.Next 3 - 2)
                let high = low + float (random.Next 3)
                Operation.each $"clamp {Operation.show low} {Operation.show high}" (Tensor.clamp low high) (clamp low high))
        |]

    let private entrywise (d: Draw) : Drawn =
        one ((d.OneOf unary) d.Random) (d.Pick(fun _ -> true))

    let private logaddexp (d: Draw) : Drawn =
        let a = d.Pick(fun _ -> true)
        let shape = d.Pool[a].Shape

        let b =
            d.Pick(fun t -> Many.fits shape t.Shape && Many.count (Many.broadcastShape shape t.Shape) <= 24)

        if b < 0 then
            ValueNone
        else
            ValueSome(
                struct (Operation.pair "logaddexp" Tensor.logaddexp (fun p a b -> Entry.logsumexp p [| a; b |]),
                        [| a; b |])
            )

    let private alongAxis (d: Draw) fits (make: Many -> int -> Operation) : Drawn =
        match d.Pick(fun t -> t.Shape.Length > 0 && fits t) with
        | -1 -> ValueNone
        | a -> one (make d.Pool[a] (d.Next d.Pool[a].Shape.Length)) a

    let private reduced name engine (entry: Precision -> Jet[] -> Jet) =
        fun axis -> Operation.one $"{name} {axis}" (engine axis) (fun p -> Many.reduce [| axis |] (entry p))

    let private zeroAtZero (p: Precision) (x: Jet) =
        if x.Values[0].IsZero && x.Errors[0] = 0.0 then
            Jet.zeroOnPath p
        else
            Entry.sqrt p x

    /// Squares beyond the number type's range are the engine's own affair.
    let private unbounded (p: Precision) = {
        p with
            Largest = infinity
            Tiny = 0.0
    }

    let private norm (p: Precision) (terms: Jet[]) =
        let u = unbounded p

        if terms.Length = 0 then
            Jet.zeroOnPath p
        else
            Jet.sum u (terms |> Array.map (fun e -> Jet.multiply u e e))
            |> zeroAtZero u
            |> Entry.scaled p 1.0

    /// In whatever order, unless its parts leave the range.
    let private product (p: Precision) (terms: Jet[]) =
        if terms.Length = 0 then
            Jet.constant p 1.0
        else
            let reach =
                terms
                |> Array.sumBy (fun e -> let l = e.Values[0].Log2 in if Double.IsFinite l then abs l else 0.0)

            let found = terms |> Array.reduce (Jet.multiply p)

            let found = {
                found with
                    Errors =
                        found.Errors
                        |> Array.mapi (fun k e ->
                            if k = 0 then
                                (if found.Errors[0] = 0.0 then 0.0 else e)
                            else
                                e)
            }

            if reach > 0.9 * Math.Log2 p.Largest || terms |> Array.exists (isFinite >> not) then
                Jet.withOpenValue found
            else
                found

    let private variance correction (p: Precision) (terms: Jet[]) =
        let number value = Jet.constant p value
        let n = float terms.Length
        let mean = Entry.divide p (Jet.sum p terms) (number n)

        let squares =
            terms
            |> Array.map (fun e -> let off = Jet.subtract p e mean in Jet.multiply p off off)

        Entry.divide p (Jet.sum p squares) (number (n - correction))

    let private deviation p terms = variance 0.0 p terms |> zeroAtZero p

    let private sorted (terms: Jet[]) =
        if terms |> Array.exists (fun e -> e.Values[0].IsNaN) then
            Array.map Jet.withOpenValue terms
        else
            let found =
                terms
                |> Array.indexed
                |> Array.sortWith (fun (i, a) (j, b) ->
                    if Wide.Less(a.Values[0], b.Values[0]) then -1
                    elif Wide.Less(b.Values[0], a.Values[0]) then 1
                    else compare i j)
                |> Array.map snd

            let isOpen =
                Seq.exists (fun i -> Jet.order found[i] found[i + 1] = 2) (seq { 0 .. found.Length - 2 })

            if isOpen then
                let error = found |> Array.map (fun e -> e.Errors[0]) |> Array.max

                found
                |> Array.map (fun e ->
                    Jet.withOpenDerivatives {
                        e with
                            Errors = e.Errors |> Array.mapi (fun k own -> if k = 0 then error else own)
                    })
            else
                found

    let private sort (d: Draw) =
        alongAxis d (fun t -> t.Shape.Length > 0 && t.Shape[t.Shape.Length - 1] > 0) (fun t _ ->
            let axis = t.Shape.Length - 1
            Operation.one $"sort {axis}" (Tensor.sort axis) (fun _ -> Many.rows sorted))

    let private reverse (d: Draw) =
        alongAxis d (fun _ -> true) (fun t axis ->
            let n = t.Shape[axis]

            Operation.one $"reverse {axis}" (Tensor.reverse axis) (fun _ ->
                Many.gather axis (Array.init n (fun i -> n - 1 - i))))

    let private reductions (d: Draw) =
        alongAxis d hasEntries (fun t axis ->
            match d.Next 7 with
            | 0 -> reduced "normAxis" Tensor.normAxis norm axis
            | 1 -> reduced "prodAxis" Tensor.prodAxis product axis
            | 2 ->
                Operation.one $"cumulativeProduct {axis}" (Tensor.cumulativeProduct axis) (fun p ->
                    Many.prefixes axis (product p))
            | 3 -> reduced "varAxis" Tensor.varAxis (variance 0.0) axis
            | 4 when t.Shape[axis] > 1 -> reduced "sampleVarAxis" Tensor.sampleVarAxis (variance 1.0) axis
            | 5 -> reduced "stdAxis" Tensor.stdAxis deviation axis
            | _ -> reduced "logsumexpAxis" Tensor.logsumexpAxis Entry.logsumexp axis)

    let private triangle (d: Draw) : Drawn =
        match d.Pick(fun t -> t.Shape.Length = 2) with
        | -1 -> ValueNone
        | a ->
            let isLower = d.Next 2 = 0
            let name, engine = if isLower then "tril", Tensor.tril else "triu", Tensor.triu

            one
                (Operation.one name engine (fun p t ->
                    Many.make t.Shape (fun k ->
                        let i, j = k / t.Shape[1], k % t.Shape[1]

                        if (if isLower then i >= j else i <= j) then
                            t.Entries[k]
                        else
                            Jet.zeroOnPath p)))
                a

    // Determinants and eigenvalues of matrices of 2 × 2 or 3 × 3 entries

    let private square n =
        let indices count =
            Array.init (n * n) (fun k -> (k * 2 + k / 3) % count)

        (fun (t: Tensor) ->
            let flat = Tensor.flatten t
            Tensor.reshape [ n; n ] (Tensor.gather 0 (indices flat.Shape[0]) flat)),
        (fun (t: Many) -> indices (Operation.count t) |> Array.map (fun i -> t.Entries[i]))

    let private determinant (p: Precision) n (a: Jet[]) =
        let times = Jet.multiply p

        let minor i j k l =
            Jet.subtract p (times a[i] a[l]) (times a[j] a[k])

        match n with
        | 1 -> a[0]
        | 2 -> minor 0 1 2 3
        | _ ->
            Jet.sum p [|
                times a[0] (minor 4 5 7 8)
                Jet.negate (times a[1] (minor 3 5 6 8))
                times a[2] (minor 3 4 6 7)
            |]

    let private det (d: Draw) : Drawn =
        match d.Pick hasEntries with
        | -1 -> ValueNone
        | a ->
            let n = 1 + d.Next 3
            let matrixOf, entries = square n

            one
                (Operation.one $"det {n}" (fun t -> Tensor.det (matrixOf t)) (fun p t ->
                    let a = entries t
                    let size = a |> Array.sumBy (fun e -> e.Sizes[0])
                    let found = determinant p n a

                    let found = {
                        found with
                            Errors =
                                found.Errors
                                |> Array.mapi (fun k e ->
                                    if k = 0 then
                                        e + 64.0 * p.Unit * Math.Pow(size, float n)
                                    else
                                        e)
                    }

                    {
                        Shape = [||]
                        Entries = [|
                            (if Array.forall isFinite a then
                                 found
                             else
                                 Jet.withOpenValue found)
                        |]
                    }))
                a

    /// Eigenvalues are right relative to the largest; their derivatives and the vectors' also to the gap between them.
    let private loosened (p: Precision) size gap (x: Jet) =
        let factor = size / gap

        {
            x with
                Errors =
                    x.Errors
                    |> Array.mapi (fun k e ->
                        let order = float (Numerics.BitOperations.PopCount(uint k))

                        if k = 0 then
                            e + 64.0 * p.Unit * size + p.Tiny
                        else
                            e
                            + 64.0 * p.Unit * x.Sizes[k] * (1.0 + factor)
                            + 64.0 * p.Unit * (Math.Pow(1.0 + factor, order + 1.0)) * (x.Sizes[k] + size))
        }

    let private eigen (d: Draw) : Drawn =
        match d.Pick hasEntries with
        | -1 -> ValueNone
        | a ->
            let matrixOf, entries = square 2

            let parts (p: Precision) t =
                let e = entries t
                let off = Entry.scaled p 0.5 (Jet.add p e[1] e[2])
                let half = Entry.scaled p 0.5 (Jet.subtract p e[0] e[3])
                let middle = Entry.scaled p 0.5 (Jet.add p e[0] e[3])
                let square x = Jet.multiply p x x
                let radius = Entry.sqrt p (Jet.add p (square half) (square off))
                let size = Seq.sum (seq { for x in e -> x.Sizes[0] })

                let isOpen =
                    not (Array.forall isFinite e)
                    || not (radius.Values[0].Value > 1e-3 * size)
                    || size > 1e100
                    || size < 1e-100
                    || p.Bits < 50 && (size > 1e12 || size < 1e-12)

                e, off, middle, radius, size, isOpen

            if d.Next 2 = 0 then
                one
                    (Operation.one
                        "symmetricEigenvalues 2"
                        (fun t -> Tensor.symmetricEigenvalues (matrixOf t))
                        (fun p t ->
                            let _, _, middle, radius, size, isOpen = parts p t

                            {
                                Shape = [| 2 |]
                                Entries =
                                    [| Jet.subtract p middle radius; Jet.add p middle radius |]
                                    |> Array.map (
                                        if isOpen then
                                            Jet.withOpenValue
                                        else
                                            loosened p size (radius.Sizes[0])
                                    )
                            }))
                    a
            else
                one
                    (Operation.one
                        "square by symmetricEigen 2"
                        (fun t ->
                            let values, vectors = Tensor.symmetricEigen (matrixOf t)
                            Tensor.matmul (vectors * (values * values)) (Tensor.transpose vectors))
                        (fun p t ->
                            let e, off, _, radius, size, isOpen = parts p t
                            let times = Jet.multiply p
                            let square x = times x x
                            let corner = Jet.add p (times e[0] off) (times off e[3])

                            {
                                Shape = [| 2; 2 |]
                                Entries =
                                    [|
                                        Jet.add p (square e[0]) (square off)
                                        corner
                                        corner
                                        Jet.add p (square e[3]) (square off)
                                    |]
                                    |> Array.map (
                                        if isOpen then
                                            Jet.withOpenValue
                                        else
                                            loosened p (size * size + size) (min radius.Sizes[0] 1.0)
                                    )
                            }))
                    a

    let private all = [|
        entrywise
        entrywise
        entrywise
        logaddexp
        reductions
        reductions
        reductions
        sort
        reverse
        triangle
        det
        eigen
    |]

    let draw (d: Draw) : Drawn = (d.OneOf all) d
