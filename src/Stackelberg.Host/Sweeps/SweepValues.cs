using System.Globalization;

namespace Stackelberg.Sweeps;

/// <summary>
/// The values of one key of a sweep: <c>a,b,c</c>, whole numbers <c>1..10</c>, or both; a value that is itself
/// a list stands in brackets, as in <c>[0.1,0.2],[0.2,0.4]</c>.
/// </summary>
internal static class SweepValues
{
    /// <summary>More points than this are taken for a slip.</summary>
    public const int Most = 100_000;

    /// <summary>The values, in their order.</summary>
    /// <exception cref="UserInputException">The text is no such list.</exception>
    public static IReadOnlyList<string> Parse(string key, string text)
    {
        var values = Split(key, text).SelectMany(entry => Expand(key, entry)).Take(Most + 1).ToArray();
        if (values.Length > Most)
        {
            throw new UserInputException($"The sweep's {key} has more than {Most} values; give fewer.");
        }

        var twice = values.GroupBy(value => value).FirstOrDefault(group => group.Count() > 1);
        return twice is null
            ? values
            : throw new UserInputException($"The sweep's {key} names {twice.Key} twice; leave one out.");
    }

    private static List<string> Split(string key, string text)
    {
        var entries = new List<string>();
        var begin = 0;
        var isInBrackets = false;
        for (var i = 0; i <= text.Length; i++)
        {
            if (i == text.Length || (text[i] == ',' && !isInBrackets))
            {
                entries.Add(text[begin..i].Trim());
                begin = i + 1;
            }
            else if (text[i] is '[' or ']')
            {
                Need(key, text, isInBrackets == (text[i] == ']'), "has brackets that do not match");
                isInBrackets = text[i] == '[';
            }
        }

        Need(key, text, !isInBrackets, "has brackets that do not match");
        Need(key, text, entries.TrueForAll(entry => entry is not ("" or "[]")), "has an empty value");
        return entries;
    }

    private static IEnumerable<string> Expand(string key, string entry)
    {
        if (entry[0] == '[' && entry[^1] == ']')
        {
            return [entry[1..^1].Trim()];
        }

        Need(key, entry, !entry.Contains('['), "has brackets within a value; they stand around a whole one");
        var at = entry.IndexOf("..", StringComparison.Ordinal);
        if (at < 0 || !entry.All(letter => char.IsAsciiDigit(letter) || letter is '.' or '-'))
        {
            return [entry];
        }

        var isRange =
            long.TryParse(
                entry[..at],
                NumberStyles.AllowLeadingSign,
                CultureInfo.InvariantCulture,
                out var first
            )
            & long.TryParse(
                entry[(at + 2)..],
                NumberStyles.AllowLeadingSign,
                CultureInfo.InvariantCulture,
                out var last
            );
        Need(key, entry, isRange, "is no range");
        return first <= last
            ? Range(first, last)
            : throw new UserInputException(
                $"The sweep's {key}={entry} runs backwards and holds nothing; write {key}={last}..{first}."
            );
    }

    private static IEnumerable<string> Range(long first, long last)
    {
        // The comparison comes before the increment, which may overflow after the last one.
        for (var value = first; ; value++)
        {
            yield return $"{value}";
            if (value == last)
            {
                yield break;
            }
        }
    }

    private static void Need(string key, string text, bool holds, string fault)
    {
        if (!holds)
        {
            throw new UserInputException(
                $"The sweep's {key}={text} {fault}; values are written {key}=a,b,c or {key}=1..10, and a value "
                    + $"that is itself a list {key}=[a,b],[c,d]."
            );
        }
    }
}
