namespace Stackelberg

open System

/// Text that is the same under every culture. An interpolated string by itself writes its numbers as the machine's culture
/// does, and names are identity: they are compared, saved and read again elsewhere.
[<AutoOpen>]
module internal Text =

    /// An interpolated string with its numbers in the invariant culture.
    let invariant (text: FormattableString) = FormattableString.Invariant text
