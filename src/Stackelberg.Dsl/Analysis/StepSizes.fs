namespace Stackelberg

open System
open System.Numerics
open MathNet.Numerics.LinearAlgebra

[<RequireQualifiedAccess>]
module StepSizes =

    let private checkSpectrum func (spectrum: Complex[]) =
        if spectrum.Length = 0 then
            Require.wrong func (nameof spectrum) "is empty, but at least one eigenvalue is needed."

        match spectrum |> Array.tryFind (Complex.IsFinite >> not) with
        | Some λ ->
            Require.wrong
                func
                (nameof spectrum)
                (invariant $"holds {λ}, but every eigenvalue must be finite.")
        | None -> ()

    let private checkRate func (rate: float) =
        if not (rate >= 0.0) then
            Require.wrong func (nameof rate) (invariant $"is {rate}, but a number of at least 0 is needed.")

    let contraction (law: StepLaw) (rate: float) (momentum: float) (spectrum: Complex[]) =
        let func = "StepSizes.contraction"
        checkSpectrum func spectrum
        checkRate func rate
        Require.finite func (nameof momentum) momentum
        StepLaw.radius law rate momentum spectrum

    let private none rule = {
        Rule = rule
        Rate = 0.0
        Momentum = 0.0
        Contraction = 1.0
    }

    let private sizeOf rule rate momentum contraction =
        if contraction < 1.0 then
            {
                Rule = rule
                Rate = rate
                Momentum = momentum
                Contraction = contraction
            }
        else
            none rule

    /// The η of least max (1 − 2 η Re λ + η² |λ|²), where the slope of the greatest parabola changes its sign.
    let private simultaneousRate (spectrum: Complex[]) =
        let slope η =
            let greatest =
                spectrum
                |> Array.maxBy (fun λ -> η * (η * λ.Magnitude * λ.Magnitude - 2.0 * λ.Real))

            η * greatest.Magnitude * greatest.Magnitude - greatest.Real

        let mutable lower = 0.0
        let mutable upper = 2.0 / (spectrum |> Array.map _.Magnitude |> Array.max)
        let mutable middle = 0.5 * upper

        while lower < middle && middle < upper do
            if slope middle > 0.0 then
                upper <- middle
            else
                lower <- middle

            middle <- 0.5 * (lower + upper)

        middle

    /// The grid of log η, and that of the momentum's atanh.
    let private spacing, momentumSpacing = 0.03, 0.25

    /// Rates are looked for between these, over the largest eigenvalue's modulus: no law contracts above the second, and below
    /// the first nothing is gained but by simultaneous steps, whose rate has a formula.
    let private smallest, greatest = 1e-9, 4.0

    /// For momentum the grid is coarser, each of whose values is a search of its own; β from −1 + 2e-7 to 1 − 2e-7.
    let private momentumRates, momentumReach = 0.15, 8.0

    let private ofExcess rule rate momentum excess =
        if excess < 0.0 then
            {
                Rule = rule
                Rate = rate
                Momentum = momentum
                Contraction = StepLaw.factorOf excess
            }
        else
            none rule

    let private bestMomentum rule (scale: float) (spectrum: Complex[]) =
        let excess η β =
            StepLaw.greatest StepLaw.NegativeMomentum η β spectrum

        let alongβ logη =
            Valley.least momentumSpacing -momentumReach momentumReach (fun u -> excess (exp logη) (tanh u))

        // Not far below the best rate without momentum, where there is one.
        let lowest =
            if spectrum |> Array.exists (fun λ -> λ.Real <= 0.0) then
                smallest / scale
            else
                1e-3 * simultaneousRate spectrum

        let struct (logη, _) =
            Valley.least momentumRates (log lowest) (log (greatest / scale)) (fun logη ->
                let struct (_, least) = alongβ logη
                least)

        let struct (u, least) = alongβ logη
        ofExcess rule (exp logη) (tanh u) least

    let best (law: StepLaw) (spectrum: Complex[]) =
        checkSpectrum "StepSizes.best" spectrum
        // Eigenvalues of real matrices come in pairs that contract alike.
        let spectrum =
            spectrum
            |> Array.filter (fun λ ->
                λ.Imaginary >= 0.0 || not (Array.contains (Complex.Conjugate λ) spectrum))

        let scale = spectrum |> Array.map _.Magnitude |> Array.max
        let rule = string law

        match law with
        | _ when spectrum |> Array.exists (fun λ -> λ = Complex.Zero) -> none rule
        | StepLaw.ProximalPoint -> sizeOf rule infinity 0.0 0.0
        | StepLaw.Simultaneous ->
            if spectrum |> Array.exists (fun λ -> λ.Real <= 0.0) then
                none rule
            else
                let η = simultaneousRate spectrum
                ofExcess rule η 0.0 (StepLaw.greatest law η 0.0 spectrum)
        | StepLaw.Extragradient
        | StepLaw.Optimistic ->
            let struct (logη, least) =
                Valley.least spacing (log (smallest / scale)) (log (greatest / scale)) (fun logη ->
                    StepLaw.greatest law (exp logη) 0.0 spectrum)

            ofExcess rule (exp logη) 0.0 least
        | StepLaw.NegativeMomentum -> bestMomentum rule scale spectrum

    let private checkBlocks func (dimensions: int[]) (jacobian: float[,]) =
        let d = jacobian.GetLength 0

        if jacobian.GetLength 1 <> d then
            Require.wrong
                func
                (nameof jacobian)
                (invariant $"has shape [{d}, {jacobian.GetLength 1}], but a square matrix is needed.")

        if d = 0 || not (Finite.matrix jacobian) then
            Require.wrong
                func
                (nameof jacobian)
                "is empty or not finite, but a matrix of finite numbers is needed."

        if Array.sum dimensions <> d || Array.exists (fun n -> n < 1) dimensions then
            let given = String.Join(", ", dimensions)

            Require.wrong
                func
                (nameof dimensions)
                (invariant
                    $"is {given}, but numbers of at least 1 that add up to {d} are needed, the entries of each player.")

    let private alternatingRadius (dimensions: int[]) (jacobian: float[,]) (η: float) =
        let J = CreateMatrix.DenseOfArray jacobian
        let map = CreateMatrix.DenseIdentity<float> J.RowCount
        let mutable first = 0

        for dimension in dimensions do
            // The player's rows of (I − η P J) times what those before have done.
            let moved = J.SubMatrix(first, dimension, 0, J.ColumnCount) * map
            map.SetSubMatrix(first, 0, map.SubMatrix(first, dimension, 0, J.ColumnCount) - η * moved)
            first <- first + dimension

        map.ToArray() |> Dense.eigenvalues |> Array.map _.Magnitude |> Array.max

    let alternatingContraction (rate: float) (dimensions: int[]) (jacobian: float[,]) =
        let func = "StepSizes.alternatingContraction"
        checkRate func rate
        checkBlocks func dimensions jacobian
        alternatingRadius dimensions jacobian rate

    /// Rounding of the radius: a contraction nearer to 1 is none.
    let private rounding = 1e-12

    /// Above this many entries, whose eigenvalues take long, the grid is coarser.
    let private small, coarse = 30, 0.1

    let bestAlternating (dimensions: int[]) (jacobian: float[,]) =
        checkBlocks "StepSizes.bestAlternating" dimensions jacobian
        let rule = "alternating"
        let starts = Array.scan (+) 0 dimensions

        let own =
            dimensions
            |> Array.mapi (fun i count ->
                let rows = [| starts[i] .. starts[i] + count - 1 |]
                Dense.select rows rows jacobian |> Dense.eigenvalues |> Array.map _.Magnitude)
            |> Array.concat

        let norm = Dense.norm jacobian

        // The step map's determinant is the product of 1 − ηλ over the eigenvalues λ of the players' own blocks: 1 where
        // they are all zero, and above 1 for η beyond twice the inverse of the least that is not.
        match own |> Array.filter (fun modulus -> modulus > rounding * norm) with
        | [||] -> none rule
        | moving ->
            let step = if jacobian.GetLength 0 > small then coarse else spacing

            let struct (logη, least) =
                Valley.least step (log (1e-3 / norm)) (log (2.0 / Array.min moving)) (fun logη ->
                    alternatingRadius dimensions jacobian (exp logη))

            sizeOf rule (exp logη) 0.0 (if least > 1.0 - rounding then 1.0 else least)

    let ofGame (concept: Concept) (x: Tensor) (game: Game) =
        let func = "StepSizes.ofGame"
        game.Need func x

        let local =
            Linearisation.at Tolerances.usual (Linearisation.field game concept) (x.ToArray())

        if not (Finite.matrix local.Jacobian) then
            Require.wrong
                func
                (nameof x)
                (invariant
                    $"is {x}, where the Jacobian of {game.Name} is not finite; give a critical point, as Equilibrium.find does.")

        match UndefinedCost.at game (x.ToArray()) with
        | ValueSome why ->
            Require.wrong
                func
                (nameof x)
                (invariant $"is {x}, where nothing is to be said of {game.Name}: {why}.")
        | ValueNone -> ()

        if local.IsCritical <> Verdict.Yes then
            Require.wrong
                func
                (nameof x)
                (invariant
                    $"is {x}, which is no critical point of {game.Name}: the field's norm there is {local.Residual:G4}, and what its derivative says of runs holds near a zero alone; give the point of Equilibrium.find.")

        if local.Free.Length = 0 then
            Require.wrong
                func
                (nameof x)
                (invariant
                    $"is {x}, where bounds hold every entry, so that no rate matters; give a point with a free entry.")

        let jacobian = Dense.select local.Free local.Free local.Jacobian
        let spectrum = Dense.eigenvalues jacobian

        [|
            best StepLaw.Simultaneous spectrum

            if concept = Concept.Nash then
                let free =
                    local.Free |> Array.countBy game.OwnerOf |> Array.sortBy fst |> Array.map snd

                bestAlternating free jacobian

            best StepLaw.Extragradient spectrum
            best StepLaw.Optimistic spectrum
            best StepLaw.NegativeMomentum spectrum
            best StepLaw.ProximalPoint spectrum
        |]
