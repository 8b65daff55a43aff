/// What a user reads who made a mistake.
module Stackelberg.Autodiff.Tests.ErrorTests

open System
open Stackelberg
open Stackelberg.Kernels
open Xunit

let private matrix = Tensor.zeros [ 2; 3 ]
let private vector = Tensor.zeros [ 2 ]

let private fails expected action =
    Expect.message<ArgumentException, _> expected action

/// Of every mistake: the message, and the call.
let private mistakes: (string * (unit -> Tensor)) list = [
    "Tensor.add: shapes [2; 3] and [2] do not fit together: counted from the last axis, extents must be equal or 1; Tensor.reshape changes a shape.",
    (fun () -> matrix + vector)
    "Tensor.where: shapes [2; 3] and [2] do not fit together: counted from the last axis, extents must be equal or 1; Tensor.reshape changes a shape.",
    (fun () -> Tensor.where matrix matrix vector)
    "Tensor.multiply: one operand is Float64, another Float32; convert one with Tensor.cast.",
    (fun () -> vector * Tensor.cast DType.Float32 vector)
    "Tensor.sumAxis: axis 2 does not exist in a tensor of rank 2; give one from -2 to 1.",
    (fun () -> Tensor.sumAxis 2 matrix)
    "Tensor.sumAxis: axis 0 does not exist in a scalar, which has no axes.",
    (fun () -> Tensor.sumAxis 0 (Tensor.scalar 1.0))
    "Tensor.meanAxis: axis -3 does not exist in a tensor of rank 2; give one from -2 to 1.",
    (fun () -> Tensor.meanAxis -3 matrix)
    "Tensor.softmax: axis -1 does not exist in a scalar, which has no axes.",
    (fun () -> Tensor.softmax (Tensor.scalar 1.0))
    "Tensor.reshape: shape [2; 3] has 6 entries, but [4] has 4; both counts must be equal.",
    (fun () -> Tensor.reshape [ 4 ] matrix)
    "Tensor.reshape: shape [-2; 3] has a negative extent; extents are 0 or more.",
    (fun () -> Tensor.reshape [ -2; 3 ] matrix)
    "Tensor.reshape: shape [2; 3] has 6 entries, which leaves no extent for the -1 of [-1; 4].",
    (fun () -> Tensor.reshape [ -1; 4 ] matrix)
    "Tensor.reshape: shape [0; 2] has 0 entries, which leaves no extent for the -1 of [-1; 0].",
    (fun () -> Tensor.reshape [ -1; 0 ] (Tensor.zeros [ 0; 2 ]))
    "Tensor.full: shape [-2] has a negative extent; extents are 0 or more.",
    (fun () -> Tensor.full [ -2 ] 1.0)
    "Tensor.randn: shape [2; -1] has a negative extent; extents are 0 or more.",
    (fun () -> Tensor.randn 1UL [ 2; -1 ])
    "Tensor.broadcastTo: shape [2; 3] cannot be broadcast to [2; 1].",
    (fun () -> Tensor.broadcastTo [ 2; 1 ] matrix)
    "Tensor.broadcastTo: shape [2; 3] cannot be broadcast to [3].",
    (fun () -> Tensor.broadcastTo [ 3 ] matrix)
    "Tensor.permute: order [0; 0] is not a permutation of the axes of shape [2; 3]; each axis is needed once.",
    (fun () -> Tensor.permute [ 0; 0 ] matrix)
    "Tensor.slice: entries 1 to 3 along axis 0 were asked for, but shape [2; 3] has entries 0 to 1 there.",
    (fun () -> Tensor.slice 0 1 3 matrix)
    "Tensor: index 5 is outside axis 0 of shape [2], which has entries 0 to 1; -1 is the last one.",
    (fun () -> vector[5])
    "Tensor: shape [2] has no axis 1 to index.", (fun () -> vector[0, 1])
    "Tensor.pad: before is -1 and after is 0; both must be 0 or more.", (fun () -> Tensor.pad 0 -1 0 vector)
    "Tensor.concat: the list is empty; at least one tensor is needed.", (fun () -> Tensor.concat 0 [])
    "Tensor.stack: the list is empty; at least one tensor is needed.", (fun () -> Tensor.stack 0 [])
    "Tensor.concat: shapes [2; 3] and [2] differ outside axis 0; all other extents must be equal.",
    (fun () -> Tensor.concat 0 [ matrix; vector ])
    "Tensor.concat: one part is Float64, another Float32; convert one with Tensor.cast.",
    (fun () -> Tensor.concat 0 [ vector; Tensor.cast DType.Float32 vector ])
    "Tensor.gather: index 3 is outside axis 1 of shape [2; 3]; 0 to 2 are there.",
    (fun () -> Tensor.gather 1 [ 0; 3 ] matrix)
    "Tensor.max: axis 0 of shape [0] has no entries, so there is no max.",
    (fun () -> Tensor.max (Tensor.zeros [ 0 ]))
    "Tensor.min: axis 1 of shape [2; 0] has no entries, so there is no min.",
    (fun () -> Tensor.minAxis 1 (Tensor.zeros [ 2; 0 ]))
    "Tensor.matmul: shapes [2; 3] and [2] cannot be multiplied: the left one's last extent must equal the right one's last but one (or the only one of a vector).",
    (fun () -> Tensor.matmul matrix vector)
    "Tensor.matmul: the left operand is Float64, the right one Float32; convert one with Tensor.cast.",
    (fun () -> Tensor.matmul vector (Tensor.cast DType.Float32 matrix))
    "Tensor.dot: shapes are [2] and [3], but two vectors of one length are needed.",
    (fun () -> Tensor.dot vector (Tensor.zeros [ 3 ]))
    "Tensor.outer: shapes are [2] and [2; 3], but two vectors are needed.",
    (fun () -> Tensor.outer vector matrix)
    "Tensor.trace: the shape is [2; 3], but a square matrix is needed.", (fun () -> Tensor.trace matrix)
    "Tensor.solve: the matrix has shape [2; 3] and the right side [2], but [n; n] with [n] or [n; k] is needed (or [batch; n; n] with [batch; n] or [batch; n; k]).",
    (fun () -> Tensor.solve matrix vector)
    "Tensor.solve: the matrix has shape [2; 2] and the right side [3], but [n; n] with [n] or [n; k] is needed (or [batch; n; n] with [batch; n] or [batch; n; k]).",
    (fun () -> Tensor.solve (Tensor.eye 2) (Tensor.zeros [ 3 ]))
    "Tensor.solve: the matrix is Float64, the right side Float32; convert one with Tensor.cast.",
    (fun () -> Tensor.solve (Tensor.eye 2) (Tensor.cast DType.Float32 vector))
    "Tensor: index -3 is outside axis 0 of shape [2], which has entries 0 to 1; -1 is the last one.",
    (fun () -> vector[-3])
    "Tensor.slice: entries -1 to 0 along axis 0 were asked for, but shape [2] has entries 0 to 1 there.",
    (fun () -> Tensor.slice 0 -3 2 vector)
    "Tensor: shape [2; 3] has no axis 2 to index.", (fun () -> matrix[0, 0, 0])
    "Tensor.clamp: low is 1.5 and high 1, but low must not be above high.",
    (fun () -> Tensor.clamp 1.5 1.0 vector)
    "Tensor.clamp: low is NaN and high 1, but low must not be above high.",
    (fun () -> Tensor.clamp nan 1.0 vector)
    "Tensor.pNorm: p is 0.5, but a norm needs 1 or more (infinity for the largest size).",
    (fun () -> Tensor.pNorm 0.5 vector)
    "Tensor.polygamma: n is -1, but must be from 0 to 100.", (fun () -> Tensor.polygamma -1 vector)
    "Tensor.var: there are 0 entries to take it of (shape [0]), but 1 are needed.",
    (fun () -> Tensor.var (Tensor.zeros [ 0 ]))
    "Tensor.sampleStdAxis: there are 1 entries to take it of (shape [2; 1]), but 2 are needed.",
    (fun () -> Tensor.sampleStdAxis 1 (Tensor.zeros [ 2; 1 ]))
    "Tensor.normAxis: axis 1 does not exist in a tensor of rank 1; give one from -1 to 0.",
    (fun () -> Tensor.normAxis 1 vector)
    "Tensor.prodAxis: axis 0 does not exist in a scalar, which has no axes.",
    (fun () -> Tensor.prodAxis 0 (Tensor.scalar 1.0))
    "Tensor.keepDim: the reduction of shape [2; 3] along axis 0 has shape [], but [3] is needed.",
    (fun () -> Tensor.keepDim (fun _ t -> Tensor.sum t) 0 matrix)
    "Tensor.linspace: count is 0, but must be 1 or more.", (fun () -> Tensor.linspace 0.0 1.0 0)
    "Tensor.arange: first is 0, step 0 and the end 1, but finite numbers and a step that is not 0 are needed.",
    (fun () -> Tensor.arange 0.0 0.0 1.0)
    "Tensor.split: lengths is [1; 2], but lengths of 0 or more that add up to 2 are needed (axis 0 of shape [2; 3]).",
    (fun () -> (Tensor.split 0 [ 1; 2 ] matrix)[0])
    "Tensor.oneHot: count is -1, but cannot be negative.", (fun () -> Tensor.oneHot -1 vector)
    "Tensor.takeAlong: indices has shape [2] and the tensor [2; 3], but all extents outside axis 1 must be equal.",
    (fun () -> Tensor.takeAlong 1 vector matrix)
    "Tensor.takeAlong: indices is Float32, the tensor Float64; convert one with Tensor.cast.",
    (fun () -> Tensor.takeAlong 0 (Tensor.cast DType.Float32 vector) vector)
    "Tensor.diag: the shape is [], but a vector [n] or a matrix [m; n] is needed.",
    (fun () -> Tensor.diag (Tensor.scalar 1.0))
    "Tensor.tril: the shape is [2], but a matrix [m; n] is needed (or a batch of them).",
    (fun () -> Tensor.tril vector)
    "Tensor.kron: shapes are [2; 3] and [2], but two matrices are needed.",
    (fun () -> Tensor.kron matrix vector)
    "Tensor.det: the matrix has shape [2; 3], but [n; n] is needed (or [batch; n; n]).",
    (fun () -> Tensor.det matrix)
    "Tensor.symmetricEigenvalues: the matrix has shape [2; 3], but [n; n] is needed (or [batch; n; n]).",
    (fun () -> Tensor.symmetricEigenvalues matrix)
    "Tensor.singularValues: the matrix has shape [2], but [m; n] is needed (or [batch; m; n]).",
    (fun () -> Tensor.singularValues vector)
    "Tensor.einsum: \"ij,j->i\" names 2 operands, but 1 were given.",
    (fun () -> Tensor.einsum "ij,j->i" [ matrix ])
    "Tensor.einsum: operand 1 has shape [2; 3], but \"ij,j->i\" names 1 axes of it.",
    (fun () -> Tensor.einsum "ij,j->i" [ matrix; matrix ])
    "Tensor.einsum: index j of \"ij,j->i\" has extents 3 and 2, but one is needed.",
    (fun () -> Tensor.einsum "ij,j->i" [ matrix; vector ])
    "Tensor.einsum: index k of the result of \"ij->k\" is in no operand.",
    (fun () -> Tensor.einsum "ij->k" [ matrix ])
    "Tensor.einsum: the result of \"ij->ii\" has a letter twice.",
    (fun () -> Tensor.einsum "ij->ii" [ matrix ])
    "Tensor.einsum: \"i.->i\" has '.' in it, but letters are needed, as in \"ij,jk->ik\".",
    (fun () -> Tensor.einsum "i.->i" [ matrix ])
    "Tensor.einsum: \"i->i->i\" has more than one \"->\".", (fun () -> Tensor.einsum "i->i->i" [ vector ])
]

let places = [| for i in 0 .. mistakes.Length - 1 -> TheoryDataRow<int>(i) |]

[<Theory; MemberData(nameof places)>]
let ``a mistake is reported with its numbers and the rule`` (i: int) =
    let expected, action = mistakes[i]
    fails expected (fun () -> action ())

[<Fact>]
let ``a mistake inside a differentiated function is reported in the same words`` () =
    fails
        "Tensor.add: shapes [2] and [3] do not fit together: counted from the last axis, extents must be equal or 1; Tensor.reshape changes a shape."
        (fun () -> Diff.grad (fun x -> Tensor.sum (x + Tensor.ones [ 3 ])) vector)

let private symbolMessage func =
    $"{func}: this tensor (shape [2]) is a symbol: a cost is being differentiated or compiled, or a loop's body read, and its numbers are not known yet. To choose between two values write Tensor.where condition a b; to look at numbers, call the function on numbers."

[<Fact>]
let ``the numbers of a symbol cannot be read`` () =
    Expect.message<InvalidOperationException, _> (symbolMessage "Tensor.ToArray") (fun () ->
        Diff.grad (fun x -> Tensor.scalar (Array.sum (x.ToArray()))) vector)

    Expect.message<InvalidOperationException, _> (symbolMessage "float") (fun () ->
        Diff.jit (fun x -> Tensor.scalar (float x)) vector)

[<Fact>]
let ``a number needs a tensor of one entry`` () =
    fails
        "float: the tensor has shape [2], but one entry is needed (a scalar []). Take an entry first, as in t[0]."
        (fun () -> float vector)

    Assert.Equal(3.0, float (Expect.ofShape [ 1; 1 ] [ 3.0 ]))

[<Fact>]
let ``a symbol kept beyond its function cannot be read, and cannot enter a program`` () =
    let mutable kept = vector

    let keep (x: Tensor) =
        kept <- x
        Tensor.sum x

    Diff.grad keep vector |> ignore
    Assert.True kept.IsSymbolic

    Expect.message<InvalidOperationException, _> (symbolMessage "Tensor.ToArray") (fun () ->
        (kept * 2.0).ToArray())

    Expect.message<InvalidOperationException, _>
        "A symbol of shape [2] is no input of this program: it belongs to another differentiation or compilation, and was kept beyond the function that it was made for."
        (fun () ->
            Program.compile [| DType.Float64, [| 2 |] |] [| false |] (fun inputs -> [| inputs[0] + kept |]))

[<Fact>]
let ``tensors have no order and no equality but identity`` () =
    let a, b = Tensor.ones [ 2 ], Tensor.ones [ 2 ]
    Assert.False(a.Equals b)
    Assert.True(a.Equals a)
    Assert.False(typeof<IComparable>.IsAssignableFrom typeof<Tensor>)

[<Fact>]
let ``a tensor prints its numbers, a symbol its shape`` () =
    Assert.Equal("[[1, 2], [3, 4.5]]", string (Expect.ofShape [ 2; 2 ] [ 1.0; 2.0; 3.0; 4.5 ]))
    Assert.Equal("0.33333333", string (Tensor.scalar (1.0 / 3.0)))
    Assert.Equal("[7, 7]", string (Tensor.full [ 2 ] 7.0))
    Assert.Equal("[]", string (Tensor.zeros [ 0 ]))
    let mutable shown = ""

    Diff.grad
        (fun x ->
            shown <- string x
            Tensor.sum x)
        vector
    |> ignore

    Assert.Equal("symbol [2]", shown)
