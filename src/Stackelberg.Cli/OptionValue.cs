namespace Stackelberg.Cli;

/// <summary>Reads the values of options.</summary>
internal static class OptionValue
{
    /// <summary>A whole number in a range.</summary>
    /// <exception cref="UserInputException">It is none.</exception>
    public static int Whole(string option, string text, int least, int most, string example) =>
        SettingType.Whole(least, most) is var type && type.Accepts(text)
            ? SettingType.ReadWhole(text)!.Value
            : throw new UserInputException(
                $"{option} is \"{text}\", but {type.Allowed} is needed, for instance {option} {example}."
            );

    /// <summary>A finite number.</summary>
    /// <exception cref="UserInputException">It is none.</exception>
    public static double Number(string option, string text, string example) =>
        SettingType.ReadNumber(text)
        ?? throw new UserInputException(
            $"{option} holds \"{text}\", but a finite number is needed, for instance {option} {example}."
        );

    /// <summary>What an exception of a wrong argument says, without the argument's name.</summary>
    public static string Words(ArgumentException fault)
    {
        var name = $" (Parameter '{fault.ParamName}')";
        return fault.ParamName is not null && fault.Message.EndsWith(name, StringComparison.Ordinal)
            ? fault.Message[..^name.Length]
            : fault.Message;
    }
}
