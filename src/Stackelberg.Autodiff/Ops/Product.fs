namespace Stackelberg

/// Products along an axis by a tree of multiplications: their derivatives divide by nothing, and so are right however
/// many factors are zero.
module internal Product =

    let rec product axis (t: Tensor) : Tensor =
        match t.Shape[axis] with
        | 0 -> Expression.constant t.DType (Array.removeAt axis t.Shape) 1.0
        | 1 -> Structure.reshape (Array.removeAt axis t.Shape) t
        | length ->
            let half = length / 2

            let pairs = Slice.slice axis 0 half t * Slice.slice axis (length - half) half t

            if length % 2 = 0 then
                product axis pairs
            else
                product axis (Concat.concat axis [| pairs; Slice.slice axis half 1 t |])

    /// Every step doubles how many factors an entry has taken in (W. D. Hillis and G. L. Steele, 1986).
    let cumulativeProduct axis (t: Tensor) : Tensor =
        let length = t.Shape[axis]

        let rec step reach (t: Tensor) =
            if reach >= length then
                t
            else
                let earlier = Slice.slice axis 0 (length - reach) t
                let later = Slice.slice axis reach (length - reach) t
                step (2 * reach) (Concat.concat axis [| Slice.slice axis 0 reach t; earlier * later |])

        step 1 t
