using System.Globalization;

namespace Stackelberg;

/// <summary>Which values a setting may have: its type, its range, its choices.</summary>
/// <remarks>
/// Everything that one value alone can get wrong is told from here, before a run begins; what several values have to do
/// with each other is <see cref="Experiment.Validate"/>'s.
/// </remarks>
public abstract record SettingType
{
    // More steps, points or rows than this are a slip.
    private const int Many = 1_000_000_000;

    /// <summary>What is allowed, as in <c>but … is needed</c>.</summary>
    public abstract string Allowed { get; }

    /// <summary>Any text that is not empty.</summary>
    /// <param name="what">What the text is, with its article, for instance <c>the path of a file</c>.</param>
    public static SettingType Text(string what)
    {
        ArgumentNullException.ThrowIfNull(what);
        return new TextType(what);
    }

    /// <summary><c>true</c> or <c>false</c>; also <c>yes</c>, <c>no</c>, <c>on</c> and <c>off</c>.</summary>
    public static SettingType YesNo { get; } = new YesNoType();

    /// <summary>One of some words.</summary>
    /// <param name="choices">The words.</param>
    public static SettingType OneOf(params IEnumerable<string> choices)
    {
        ArgumentNullException.ThrowIfNull(choices);
        return new ChoiceType([.. choices], IsList: false);
    }

    /// <summary>A list of some of the words, none twice.</summary>
    /// <param name="choices">The words.</param>
    public static SettingType SomeOf(params IEnumerable<string> choices)
    {
        ArgumentNullException.ThrowIfNull(choices);
        return new ChoiceType([.. choices], IsList: true);
    }

    /// <summary>A whole number.</summary>
    /// <param name="least">The least one.</param>
    /// <param name="most">The greatest one.</param>
    public static SettingType Whole(int least = 1, int most = Many) => new WholeType(least, most);

    /// <summary>Whole numbers, each greater than the one before.</summary>
    /// <param name="least">The least one.</param>
    /// <param name="most">The greatest one.</param>
    public static SettingType RisingWhole(int least = 1, int most = Many) =>
        new RisingType(new WholeType(least, most));

    /// <summary>Numbers, each greater than the one before.</summary>
    /// <param name="each">What each may be: <see cref="Above"/>, <see cref="AtLeast"/> and so on.</param>
    public static SettingType Rising(SettingType each)
    {
        ArgumentNullException.ThrowIfNull(each);
        return new RisingType(each);
    }

    /// <summary>A finite number.</summary>
    public static SettingType Number { get; } =
        new NumberType(double.NegativeInfinity, double.PositiveInfinity, true, true);

    /// <summary>A finite number above a bound.</summary>
    /// <param name="bound">The bound.</param>
    public static SettingType Above(double bound) =>
        new NumberType(bound, double.PositiveInfinity, IsAbove: true, IsBelow: true);

    /// <summary>A finite number of at least a bound.</summary>
    /// <param name="least">The bound.</param>
    public static SettingType AtLeast(double least) =>
        new NumberType(least, double.PositiveInfinity, IsAbove: false, IsBelow: true);

    /// <summary>A number above one bound and of at most another.</summary>
    /// <param name="bound">The lower bound.</param>
    /// <param name="most">The greatest number.</param>
    public static SettingType AboveTo(double bound, double most) =>
        new NumberType(bound, most, IsAbove: true, IsBelow: false);

    /// <summary>A number of at least one bound and below another.</summary>
    /// <param name="least">The least number.</param>
    /// <param name="bound">The upper bound.</param>
    public static SettingType FromBelow(double least, double bound) =>
        new NumberType(least, bound, IsAbove: false, IsBelow: true);

    /// <summary>A number above one bound and below another.</summary>
    /// <param name="lower">The lower bound.</param>
    /// <param name="upper">The upper bound.</param>
    public static SettingType Between(double lower, double upper) =>
        new NumberType(lower, upper, IsAbove: true, IsBelow: true);

    /// <summary>Two values, the leader's and the follower's.</summary>
    /// <param name="each">What each may be.</param>
    public static SettingType Pair(SettingType each)
    {
        ArgumentNullException.ThrowIfNull(each);
        return new PairType(each);
    }

    /// <summary>A word, or a value of another type.</summary>
    /// <param name="word">The word.</param>
    /// <param name="other">The other type.</param>
    public static SettingType WordOr(string word, SettingType other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return new WordOrType(word, other);
    }

    /// <summary>Whether a value is allowed.</summary>
    /// <param name="text">The value; blanks around the entries of a list are gone.</param>
    internal abstract bool Accepts(string text);

    /// <summary>What is wrong with a value, as a sentence for the user; null if it is allowed.</summary>
    /// <param name="key">The setting's key.</param>
    /// <param name="text">The value.</param>
    /// <param name="example">A value that is allowed.</param>
    internal virtual string? Fault(string key, string text, string example) =>
        Accepts(text)
            ? null
            : $"The setting {key} is \"{text}\", but {Allowed} is needed, for instance {key}={example}.";

    /// <summary>A value as it is kept. Blanks around the entries of a list do not count: they would switch the checks
    /// off.</summary>
    /// <param name="text">The value as the user wrote it.</param>
    internal virtual string Clean(string text) =>
        string.Join(',', text.Split(',', StringSplitOptions.TrimEntries));

    internal static int? ReadWhole(string text) =>
        int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value)
            ? value
            : null;

    internal static double? ReadNumber(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value)
        && double.IsFinite(value)
            ? value
            : null;

    internal static bool? ReadYesNo(string text) =>
        text.ToLowerInvariant() switch
        {
            "true" or "yes" or "on" => true,
            "false" or "no" or "off" => false,
            _ => null,
        };

    private sealed record TextType(string What) : SettingType
    {
        public override string Allowed => What;

        internal override bool Accepts(string text) =>
            !string.IsNullOrWhiteSpace(text) && !text.Any(char.IsControl);

        internal override string Clean(string text) => text;
    }

    private sealed record YesNoType : SettingType
    {
        public override string Allowed => "true or false";

        internal override bool Accepts(string text) => ReadYesNo(text) is not null;
    }

    private sealed record WholeType(int Least, int Most) : SettingType
    {
        public override string Allowed => $"a whole number from {Least} to {Most}";

        internal override bool Accepts(string text) =>
            ReadWhole(text) is { } value && value >= Least && value <= Most;
    }

    private sealed record RisingType(SettingType Each) : SettingType
    {
        public override string Allowed =>
            Each is WholeType
                ? $"a list of rising whole numbers, each {Each.Allowed["a whole number ".Length..]},"
                : $"a list of rising numbers, each {Each.Allowed},";

        internal override bool Accepts(string text)
        {
            double?[] values = [.. text.Split(',').Select(ReadNumber)];
            return Array.TrueForAll(text.Split(','), Each.Accepts)
                && values.Zip(values.Skip(1)).All(pair => pair.First < pair.Second);
        }
    }

    private sealed record NumberType(double Least, double Most, bool IsAbove, bool IsBelow) : SettingType
    {
        public override string Allowed
        {
            get
            {
                var lower =
                    double.IsInfinity(Least) ? ""
                    : IsAbove ? $" above {Least}"
                    : $" of at least {Least}";
                var upper =
                    double.IsInfinity(Most) ? ""
                    : IsBelow ? $" below {Most}"
                    : $" of at most {Most}";
                return lower.Length > 0 && upper.Length > 0
                    ? $"a number{lower} and{upper}"
                    : $"a finite number{lower}{upper}";
            }
        }

        internal override bool Accepts(string text) =>
            ReadNumber(text) is { } value
            && (IsAbove ? value > Least : value >= Least)
            && (IsBelow ? value < Most : value <= Most);
    }

    private sealed record PairType(SettingType Each) : SettingType
    {
        public override string Allowed => $"a pair, {Each.Allowed} for each player,";

        internal override bool Accepts(string text) =>
            text.Split(',') is [var leader, var follower] && Each.Accepts(leader) && Each.Accepts(follower);
    }

    private sealed record WordOrType(string Word, SettingType Other) : SettingType
    {
        public override string Allowed => $"{Word} or {Other.Allowed}";

        internal override bool Accepts(string text) => text == Word || Other.Accepts(text);
    }

    private sealed record ChoiceType(IReadOnlyList<string> Choices, bool IsList) : SettingType
    {
        public override string Allowed =>
            IsList ? $"a list of {string.Join(", ", Choices)}" : $"one of {string.Join(", ", Choices)}";

        internal override bool Accepts(string text)
        {
            var entries = Entries(text);
            return entries.All(Choices.Contains) && entries.Distinct().Count() == entries.Length;
        }

        internal override string? Fault(string key, string text, string example)
        {
            var seen = new HashSet<string>(StringComparer.Ordinal);
            foreach (var entry in Entries(text))
            {
                if (!Choices.Contains(entry))
                {
                    return $"The setting {key} holds \"{entry}\".{Suggestion.For(entry, Choices)} Allowed "
                        + $"{(IsList ? "are" : "is one of")} {string.Join(", ", Choices)}, for instance {key}={example}.";
                }

                if (!seen.Add(entry))
                {
                    return $"The setting {key} names {entry} twice; leave one out.";
                }
            }

            return null;
        }

        private string[] Entries(string text) => IsList ? text.Split(',') : [text];
    }
}
