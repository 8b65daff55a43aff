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
        | Some λ -> Require.wrong func (nameof spectrum) $"holds {λ}, but every eigenvalue must be finite."
        | None -> ()

    let private checkRate func (rate: float) =
        if not (rate >= 0.0) then
            Require.wrong func (nameof rate) $"is {rate}, but a number of at least 0 is needed."

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

    /// The places of one scan, and by how much the range of the next is smaller.
    let private places, zoom = 24, 0.5

    /// Rates are looked for between these, over the largest eigenvalue's modulus: the laws contract for none above 4, and
    /// their best rates are of the order of 1, for negative momentum of κ^(−1/2).
    let private smallest, greatest = 1e-4, 4.0

    /// The least of f over log η and β, by scans around the best place found so far, each of half the range of the last.
    let private scan (scale: float) (momenta: float * float) (f: float -> float -> float) =
        let lowest, highest = momenta

        let mutable centre =
            struct (0.5 * (log smallest + log greatest), 0.5 * (lowest + highest))

        let mutable reach =
            struct (0.5 * (log greatest - log smallest), 0.5 * (highest - lowest))

        let mutable best = struct (infinity, 0.0, 0.0)
        let struct (_, reachOfβ) = reach

        let momentaAround middle reach =
            if reachOfβ = 0.0 then
                [| middle |]
            else
                Array.init (places + 1) (fun j -> middle + reach * (2.0 * float j / float places - 1.0))
                |> Array.filter (fun β -> β > lowest && β < highest)

        // Until the range is as short as rounding.
        for _ in 1..44 do
            let struct (middle, middleβ), struct (reachη, reachβ) = centre, reach

            for i in 0..places do
                let logarithm = middle + reachη * (2.0 * float i / float places - 1.0)

                for β in momentaAround middleβ reachβ do
                    let value = f (exp logarithm / scale) β
                    let struct (least, _, _) = best

                    if value < least then
                        best <- struct (value, logarithm, β)

            let struct (_, logarithm, β) = best
            centre <- struct (logarithm, β)
            reach <- struct (zoom * reachη, zoom * reachβ)

        let struct (least, logarithm, β) = best
        struct (exp logarithm / scale, β, least)

    /// Rounding of the radius: a contraction nearer to 1 is none.
    let private rounding = 1e-12

    let best (law: StepLaw) (spectrum: Complex[]) =
        checkSpectrum "StepSizes.best" spectrum
        // Eigenvalues of real matrices come in pairs that contract alike.
        let spectrum =
            spectrum
            |> Array.filter (fun λ ->
                λ.Imaginary >= 0.0 || not (Array.contains (Complex.Conjugate λ) spectrum))

        let scale = spectrum |> Array.map _.Magnitude |> Array.max
        let rule = string law

        let minimised momenta =
            let struct (η, β, least) =
                scan scale momenta (fun η β -> StepLaw.radius law η β spectrum)

            sizeOf rule η β (if least > 1.0 - rounding then 1.0 else least)

        match law with
        | _ when spectrum |> Array.exists (fun λ -> λ = Complex.Zero) -> none rule
        | StepLaw.ProximalPoint -> sizeOf rule infinity 0.0 0.0
        | StepLaw.Simultaneous ->
            if spectrum |> Array.exists (fun λ -> λ.Real <= 0.0) then
                none rule
            else
                let η = simultaneousRate spectrum
                sizeOf rule η 0.0 (StepLaw.radius law η 0.0 spectrum)
        | StepLaw.Extragradient
        | StepLaw.Optimistic -> minimised (0.0, 0.0)
        | StepLaw.NegativeMomentum -> minimised (-1.0, 1.0)

    let private checkBlocks func (dimensions: int[]) (jacobian: float[,]) =
        let d = jacobian.GetLength 0

        if jacobian.GetLength 1 <> d then
            Require.wrong
                func
                (nameof jacobian)
                $"has shape [{d}, {jacobian.GetLength 1}], but a square matrix is needed."

        if d = 0 || not (Dense.isFinite jacobian) then
            Require.wrong
                func
                (nameof jacobian)
                "is empty or not finite, but a matrix of finite numbers is needed."

        if Array.sum dimensions <> d || Array.exists (fun n -> n < 1) dimensions then
            let given = String.Join(", ", dimensions)

            Require.wrong
                func
                (nameof dimensions)
                $"is {given}, but numbers of at least 1 that add up to {d} are needed, the entries of each player."

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

    let bestAlternating (dimensions: int[]) (jacobian: float[,]) =
        checkBlocks "StepSizes.bestAlternating" dimensions jacobian
        let rule = "alternating"
        let scale = (CreateMatrix.DenseOfArray jacobian).L2Norm()

        if scale = 0.0 then
            none rule
        else
            let struct (η, _, least) =
                scan scale (0.0, 0.0) (fun η _ -> alternatingRadius dimensions jacobian η)

            sizeOf rule η 0.0 (if least > 1.0 - rounding then 1.0 else least)

    let ofGame (concept: Concept) (x: Tensor) (game: Game) =
        let func = "StepSizes.ofGame"
        game.Need func x
        let run = FieldRun(Linearisation.field game concept)
        let at, g = x.ToArray(), Array.zeroCreate game.Dimension
        run.Evaluate(at, g)
        let jacobian = run.Jacobian at

        if not (Dense.isFinite jacobian) then
            Require.wrong
                func
                (nameof x)
                $"is {x}, where the Jacobian of {game.Name} is not finite; give a critical point, as Equilibrium.find does."

        let spectrum = Dense.eigenvalues jacobian

        [|
            best StepLaw.Simultaneous spectrum

            if concept = Concept.Nash then
                bestAlternating (game.Players |> Array.map _.Dimension) jacobian

            best StepLaw.Extragradient spectrum
            best StepLaw.Optimistic spectrum
            best StepLaw.NegativeMomentum spectrum
            best StepLaw.ProximalPoint spectrum
        |]
