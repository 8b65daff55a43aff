namespace Stackelberg;

/// <summary>The user's input is wrong. The message says what was found, what is needed and how to mend it.</summary>
public sealed class UserInputException : Exception
{
    /// <summary>A fault with a message for the user.</summary>
    /// <param name="message">One line.</param>
    public UserInputException(string message)
        : base(message) { }

    /// <summary>A fault with its cause.</summary>
    /// <param name="message">One line.</param>
    /// <param name="innerException">The cause.</param>
    public UserInputException(string message, Exception innerException)
        : base(message, innerException) { }

    /// <summary>A fault without words; use the other constructors.</summary>
    public UserInputException()
        : base("The input is wrong.") { }

    /// <summary>Whether a folder is refused because another process writes a run into it, or has: a later look may find it
    /// free, or the run over.</summary>
    internal bool IsTaken { get; init; }
}
