/// The functions that the base library does not have, against values of 30 digits.
module Stackelberg.Kernels.Tests.SpecialFunctionTests

open System
open Stackelberg
open Stackelberg.Kernels
open Stackelberg.Kernels.Tests.Memory
open Xunit

// The arguments are doubles, and the values those of exactly these numbers, computed with 60 digits.

let private erf = [
    -27.0, -1.0
    -6.0, -0.999999999999999978480263287501
    -3.1, -0.99998835134263280041068654191
    -1.0, -0.842700792949714869341220635083
    -0.65, -0.642029327355671857714183355861
    -0.1, -0.112462916018284898404712251014
    -1e-300, -1.1283791670955126021723160763e-300
    1e-20, 1.12837916709551251200825302871e-20
    1e-08, 1.12837916709551255989210176294e-8
    0.1, 0.112462916018284898404712251014
    0.3, 0.328626759459127416189617985318
    0.5, 0.520499877813046537682746653892
    0.64, 0.634585829122141323840371535633
    0.66, 0.649376687962954245440805220939
    0.9, 0.79690821242283213966466616034
    1.5, 0.966105146475310727066976261646
    2.0, 0.995322265018952734162069256367
    3.75, 0.999999886272743430203346740923
    5.8, 0.999999999999999764441062484356
]

let private erfc = [
    -30.0, 2.0
    -5.0, 1.99999999999846254020557196515
    -1.0, 1.84270079294971486934122063508
    -0.3, 1.32862675945912741618961798532
    1e-10, 0.9999999998871620832904487385
    0.2, 0.777297410789521533823546968791
    0.5, 0.479500122186953462317253346108
    0.64, 0.365414170877858676159628464367
    0.66, 0.350623312037045754559194779061
    1.0, 0.157299207050285130658779364917
    2.0, 0.00467773498104726583793074363275
    3.75, 1.13727256569796653259076583007e-7
    5.0, 1.53745979442803485018834348538e-12
    8.0, 1.12242971729829270799678884432e-29
    12.3, 9.02992514948206783379677821973e-68
    17.7, 2.77104250077542667785354620047e-138
    23.341, 6.00182832666052991764846831314e-239
    26.5, 2.21090766426373427592923902292e-307
    27.2, 1.01890491427031553951423375671e-323
]

let private logGamma = [
    1e-300, 690.77552789821370518033834457
    1e-05, 11.5129196928958256256173078503
    0.1, 2.2527126517342059020062379569
    0.49, 0.592249629335267055744655883097
    0.51, 0.552973817929800722885500019882
    0.7, 0.260867246531666568565662013035
    0.999, 0.000578038532891380238168903123014
    1.000001, -5.77214842387414665058806444793e-7
    1.2, -0.085374090003315836883752910023
    1.46, -0.121485001004007429446526121388
    1.8, -0.0710838729143721543318404454685
    1.9999, -0.0000422752087721534580113413844685
    2.0001, 0.0000422816581129199463174322750081
    2.006, 0.00254830030231238316468377617452
    2.49, 0.277675861415170201829499460262
    2.51, 0.291738915492867953333452495974
    3.0, 0.693147180559945309417232121458
    4.7, 2.73640514631556693756024687701
    9.99, 12.779315214350193360229203573
    10.01, 12.824350262448247282249249571
    25.5, 56.3891676437199467444524387036
    171.0, 706.573062245787347110722262721
    100000.0, 1051287.70897365689490085801825
    1e+20, 4505170185988091368013.87599697
    1e+305, 7.01288453363183890963958735484e+307
    -0.5, 1.26551212348464539648894579713
    -1.5, 0.86004701537648101451093268167
    -0.001, 6.90833331751502841097337897672
    -10.3, -14.4575154400242083341397172808
    -100.7, -365.61225576180533016825201149
]

let private digamma = [
    1e-200, -1.00000000000000001789973760092e+200
    1e-05, -100000.577199215672888680952494
    0.1, -10.4237549404110762321002953145
    0.5, -1.963510026021423479440976333
    0.95, -0.662609616205325414934992492319
    0.97, -0.627675626237775131796076983486
    1.0, -0.577215664901532860606512090082
    1.2, -0.289039896592188351830062136313
    1.4616, -0.0000311062512303416496575636842394
    1.4616321449683622, -9.24126552172942751679235141516e-17
    1.47, 0.00806648901136486844232611088811
    1.95, 0.390021962742043055324199734835
    1.97, 0.403252208813771288275506172007
    2.0, 0.422784335098467139393487909918
    3.3, 1.03482248905962168625662491466
    7.7, 1.97488209491310184367964961507
    9.99, 2.25070037283120112197865012705
    10.01, 2.25280370031813573673823102099
    40.0, 3.67632737403484312591013863955
    100000000.0, 18.4206807389523654638105983041
    1e+300, 690.775527898213705257902196661
    -0.3, 2.11330977963539887340710620283
    -1.7, -1.4857174995110567089121074712
    -9.2, 6.59659923473124226271719087377
]

let private trigamma = [
    1e-60, 1.00000000000000005913307217373e+120
    0.001, 1000001.64253319582734466950415
    0.3, 12.2453645461077313011666359605
    1.0, 1.64493406684822643647241516665
    1.5, 0.934802200544679309417245499938
    2.0, 0.644934066848226436472415166646
    5.5, 0.199342386989627659127499972097
    12.9, 0.0806015530013169443939768033146
    13.1, 0.0793235119173355784034279141757
    40.0, 0.0253151038412910281575971001274
    1000000.0, 1.00000050000016666666666663333e-6
    1e+100, 9.9999999999999998409710889024e-101
    -0.3, 13.9451602678057224889014082181
    -1.7, 14.632201633884014385106135576
    -9.2, 28.4638495294755748603358891189
]

let private tetragamma = [
    1e-60, -2.00000000000000017739921652119e+180
    0.001, -2000000002.39763216483324031505
    0.3, -75.272536588726038917300307321
    1.0, -2.40411380631918857079947632302
    1.5, -0.82879664423431999559633426116
    2.0, -0.404113806319188570799476323023
    5.5, -0.0396089475213020429714277435856
    12.9, -0.00649310753097751042919256716871
    13.1, -0.00628893324580945106710162494393
    40.0, -0.000640820271835298587756371043616
    1000000.0, -1.00000100000049999999999983333e-12
    1e+100, -9.9999999999999996819421778048e-201
    -0.3, 67.6390811998831600402125591673
    -1.7, -69.0345495501142097420315801574
    -9.2, 247.037320350195471511024608509
]

let private polygamma7 = [
    0.1, 504000002365.191191788889390706
    1.0, 5060.54987523763947046857360208
    3.3, 0.412625865670919302674833446501
    18.0, 1.4215850073502858111888861519e-6
    20.0, 6.67475581817607108824731303833e-7
    10000.0, 7.20252033599999496000015839999e-26
    -0.3, 76905059.63376132303039243773
    -1.7, 76905682.3775926504061577707159
]

let private gaussian = [
    0.0, 1.0
    0.3, 0.913931185271228192835358215366
    -1.7, 0.055576212611483077045038414912
    5.5, 7.28772409581969241934317748698e-14
    13.37, 2.32736622697997506751793359104e-78
    26.5, 1.03920226214308251287119318051e-305
    -27.2, 4.91553178499350664023756036426e-322
]


/// Kernel, table, and how many representable numbers the two may lie apart.
let private cases = [
    ElementKernels.Erf, erf, 3.0
    ElementKernels.Erfc, erfc, 6.0
    ElementKernels.LogGamma, logGamma, 6.0
    ElementKernels.Digamma, digamma, 6.0
    ElementKernels.Polygamma 1, trigamma, 8.0
    ElementKernels.Polygamma 2, tetragamma, 8.0
    ElementKernels.Polygamma 7, polygamma7, 16.0
    ElementKernels.ExpMinusSquare, gaussian, 2.0
]

let private apply dtype (kernel: ElementKernel) (operands: float[] list) =
    let count = operands.Head.Length
    let arity = operands.Length
    let register i = if i < arity then i else -1

    let step =
        Steps.Fused(
            dtype,
            count,
            Array.init arity (fun i -> Load(place i, false)),
            [| Instruction(kernel, 0, register 1, register 2, arity) |],
            [| Store(arity, place arity) |]
        )

    (run dtype step (operands @ [ Array.zeroCreate count ])).[arity]

[<Fact>]
let ``special functions are within a few units of the last place of their tables`` () =
    for kernel, table, tolerance in cases do
        let inputs = table |> List.map fst |> Array.ofList
        let found = apply DType.Float64 kernel [ inputs ]

        for i in 0 .. inputs.Length - 1 do
            let expected = snd table[i]

            Assert.True(
                distance DType.Float64 expected found[i] <= tolerance,
                $"{kernel.Name} {inputs[i]:R} is {found[i]:R}, but {expected:R} is right"
            )

[<Fact>]
let ``in float32 they round the value of float64`` () =
    for kernel, table, _ in cases do
        let inputs = table |> List.map fst |> Array.ofList |> rounded DType.Float32
        let wide = apply DType.Float64 kernel [ inputs ]
        let found = apply DType.Float32 kernel [ inputs ]

        for i in 0 .. inputs.Length - 1 do
            Assert.True(distance DType.Float32 wide[i] found[i] <= 1.0, $"{kernel.Name} {inputs[i]:R}")

/// Near 0, of log |Γ| and ψ⁽ⁿ⁾: −log |x| − γ x, −1/x − γ + …, (−1)ⁿ⁺¹ n! / xⁿ⁺¹.
let private nearZero: (ElementKernel * (float -> float)) list = [
    ElementKernels.LogGamma, (fun x -> -log(abs x) - 0.57721566490153286 * x)
    ElementKernels.Digamma, (fun x -> -1.0 / x - 0.57721566490153286)
    ElementKernels.Polygamma 1, (fun x -> 1.0 / x / x)
    ElementKernels.Polygamma 2, (fun x -> -2.0 / x / x / x)
    ElementKernels.Erf, (fun x -> 2.0 / sqrt Math.PI * x)
    ElementKernels.Erfc, (fun x -> 1.0 - 2.0 / sqrt Math.PI * x)
]

let private agreeNearZero dtype (inputs: float[]) =
    for kernel, expected in nearZero do
        let found = apply dtype kernel [ inputs ]

        for i in 0 .. inputs.Length - 1 do
            let right = expected inputs[i]

            if not (distance dtype right found[i] <= 2.0) then
                failwith $"{kernel.Name} {inputs[i]:R} of {dtype} is {found[i]:R}, but {right:R} is right"

[<Fact>]
let ``gamma and error functions of subnormal numbers are those of a tiny number`` () =
    let random = Random(9)

    let wide = [|
        yield! Array.init 2000 (fun i -> float (i + 1) * Double.Epsilon)
        yield! Array.init 52 (fun k -> Math.ScaleB(1.0, k - 1074))

        yield!
            Array.init 20000 (fun _ ->
                BitConverter.Int64BitsToDouble(random.NextInt64(1L, 1L <<< (1 + random.Next 52))))
        // And the first numbers that are not subnormal.
        yield! Array.init 200 (fun k -> Math.ScaleB(1.0 + random.NextDouble(), k - 1023))
    |]

    agreeNearZero DType.Float64 (Array.append wide (Array.map (~-) wide))
    let every = 1 <<< 23

    let single i =
        float (BitConverter.Int32BitsToSingle i)

    // Of float32 there are few enough to try them all.
    for first in 1 .. 1 <<< 20 .. every - 1 do
        let some = Array.init (min (1 <<< 20) (every - first)) (fun i -> single (first + i))
        agreeNearZero DType.Float32 some
        agreeNearZero DType.Float32 (Array.map (~-) some)

[<Fact>]
let ``special functions have their limits at the ends`` () =
    let limits: (ElementKernel * (float * float) list) list = [
        ElementKernels.Erf, [ infinity, 1.0; -infinity, -1.0; nan, nan; 0.0, 0.0 ]
        ElementKernels.Erfc, [ infinity, 0.0; -infinity, 2.0; nan, nan; 0.0, 1.0 ]
        ElementKernels.ExpMinusSquare, [ infinity, 0.0; -infinity, 0.0; nan, nan; 1e200, 0.0 ]
        ElementKernels.LogGamma,
        [
            infinity, infinity
            -infinity, infinity
            nan, nan
            0.0, infinity
            -3.0, infinity
            1.0, 0.0
            2.0, 0.0
            1e306, infinity
        ]
        ElementKernels.Digamma, [ infinity, infinity; -infinity, nan; nan, nan; 0.0, nan; -2.0, nan ]
        ElementKernels.Polygamma 1, [ infinity, 0.0; nan, nan; 0.0, infinity; -2.0, infinity ]
        ElementKernels.Polygamma 2, [ infinity, 0.0; nan, nan; 0.0, nan; -2.0, nan ]
        ElementKernels.Asinh, [ infinity, infinity; -infinity, -infinity; nan, nan ]
        ElementKernels.Acosh, [ infinity, infinity; 1.0, 0.0; 0.5, nan; nan, nan ]
        ElementKernels.Atanh, [ 1.0, infinity; -1.0, -infinity; 1.5, nan; nan, nan ]
    ]

    for dtype in types do
        for kernel, points in limits do
            let found = apply dtype kernel [ points |> List.map fst |> Array.ofList ]

            for i in 0 .. found.Length - 1 do
                Assert.True(
                    distance dtype (snd points[i]) found[i] = 0.0,
                    $"{kernel.Name} {fst points[i]:R} is {found[i]:R}, but {snd points[i]:R} is right"
                )

[<Fact>]
let ``logaddexp does not overflow, and keeps what hardly counts`` () =
    let rows = [
        0.0, 0.0, Math.Log 2.0
        1000.0, 1000.0, 1000.0 + Math.Log 2.0
        0.0, -40.0, 4.248354255291588986e-18
        -1e20, 1.0, 1.0
        infinity, 1.0, infinity
        infinity, infinity, infinity
        -infinity, -infinity, -infinity
        -infinity, 3.0, 3.0
        infinity, -infinity, infinity
        nan, 1.0, nan
        1.0, nan, nan
    ]

    for dtype in types do
        let column f = rows |> List.map f |> Array.ofList

        let found =
            apply dtype ElementKernels.LogAddExp [ column (fun (a, _, _) -> a); column (fun (_, b, _) -> b) ]

        for i in 0 .. found.Length - 1 do
            let _, _, expected = rows[i]
            Assert.True(distance dtype expected found[i] <= 1.0, $"row {i} is {found[i]:R}, not {expected:R}")

[<Fact>]
let ``an order that polygamma does not have is refused`` () =
    for n in [ 0; -1; 101 ] do
        let failure =
            Assert.Throws<ArgumentException>(fun () -> ElementKernels.Polygamma n |> ignore)

        Assert.Contains($"n is {n}, but must be from 1 to 100", failure.Message)
