namespace Stackelberg.Kernels;

/// <summary>An elementwise operation given as a function of numbers, one element at a time. In float the function still
/// computes in double, and its result is rounded.</summary>
public sealed class CustomKernel : ElementKernel
{
    private readonly Func<double, double, double> _function;

    private CustomKernel(string name, int arity, Func<double, double, double> function)
    {
        Name = name;
        Arity = arity;
        _function = function;
    }

    /// <inheritdoc/>
    public override string Name { get; }

    /// <inheritdoc/>
    public override int Arity { get; }

    /// <summary>result[i] = function(a[i]).</summary>
    /// <param name="name">What error messages call it.</param>
    /// <param name="function">Called once for each element, from any thread.</param>
    public static CustomKernel Of(string name, Func<double, double> function)
    {
        ArgumentNullException.ThrowIfNull(function);
        return new CustomKernel(name, 1, (a, _) => function(a));
    }

    /// <summary>result[i] = function(a[i], b[i]).</summary>
    /// <param name="name">What error messages call it.</param>
    /// <param name="function">Called once for each element, from any thread.</param>
    public static CustomKernel Of(string name, Func<double, double, double> function)
    {
        ArgumentNullException.ThrowIfNull(function);
        return new CustomKernel(name, 2, function);
    }

    /// <inheritdoc/>
    public override void Run(ref double a, ref double b, ref double c, ref double result, int count)
    {
        Span<double> first = Buffers.Span(ref a, count);
        Span<double> second = Arity > 1 ? Buffers.Span(ref b, count) : first;
        Span<double> results = Buffers.Span(ref result, count);
        for (int i = 0; i < results.Length; i++)
        {
            results[i] = _function(first[i], second[i]);
        }
    }

    /// <inheritdoc/>
    public override void Run(ref float a, ref float b, ref float c, ref float result, int count)
    {
        Span<float> first = Buffers.Span(ref a, count);
        Span<float> second = Arity > 1 ? Buffers.Span(ref b, count) : first;
        Span<float> results = Buffers.Span(ref result, count);
        for (int i = 0; i < results.Length; i++)
        {
            results[i] = (float)_function(first[i], second[i]);
        }
    }
}
