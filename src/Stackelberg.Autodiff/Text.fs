namespace Stackelberg

open System
open System.Globalization

/// Text that is the same under every culture. An interpolated string by itself writes its numbers as the machine's culture
/// does, and names are identity: they are compared, saved and read again elsewhere.
[<AutoOpen>]
module internal Text =

    /// An interpolated string with its numbers in the invariant culture.
    let invariant (text: FormattableString) = FormattableString.Invariant text

    /// A number with so many significant digits, as {value:G4} in such a string.
    let digits (count: int) (value: float) =
        value.ToString(invariant $"G{count}", CultureInfo.InvariantCulture)
