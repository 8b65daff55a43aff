namespace Stackelberg

open System

/// Numbers as text.
[<AutoOpen>]
module internal Text =

    /// An interpolated string in the invariant culture.
    let invariant (text: FormattableString) = FormattableString.Invariant text
