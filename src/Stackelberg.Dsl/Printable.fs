namespace Stackelberg

open System
open System.Globalization
open System.Text

/// <summary>Names as terminals, tables and files can show them.</summary>
[<RequireQualifiedAccess>]
module Printable =

    /// Joins letters of several scripts and emoji into one sign; neither moves nor hides others.
    let private joiners = [ '\u200C'; '\u200D' ]

    /// Control characters, line ends, marks of the direction of writing, and halves of characters.
    let private isUnprintable (rune: Rune) =
        match Rune.GetUnicodeCategory rune with
        | UnicodeCategory.Control
        | UnicodeCategory.LineSeparator
        | UnicodeCategory.ParagraphSeparator
        | UnicodeCategory.Surrogate -> true
        | UnicodeCategory.Format -> not (rune.IsBmp && List.contains (char rune.Value) joiners)
        | _ -> false

    /// <summary>A name with every character that is not plain (control characters, line ends, marks of the direction of writing,
    /// halves of characters) written as \uXXXX; null for null.</summary>
    /// <param name="name">The name.</param>
    [<CompiledName("Show")>]
    let show (name: string) : string =
        if isNull name then
            null
        else
            let text = StringBuilder()
            let mutable at = 0

            while at < name.Length do
                let mutable rune = Rune()

                if Rune.TryGetRuneAt(name, at, &rune) then
                    if isUnprintable rune then
                        text.Append(invariant $@"\u{rune.Value:X4}") |> ignore
                    else
                        text.Append(name, at, rune.Utf16SequenceLength) |> ignore

                    at <- at + rune.Utf16SequenceLength
                else
                    text.Append(invariant $@"\u{int name[at]:X4}") |> ignore

                    at <- at + 1

            text.ToString()

    /// <summary>Whether a name is shown as it is.</summary>
    /// <param name="name">The name.</param>
    [<CompiledName("IsPlain")>]
    let isPlain (name: string) =
        String.Equals(show name, name, StringComparison.Ordinal)
