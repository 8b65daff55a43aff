namespace Stackelberg.Kernels;

public static partial class ElementKernels
{
    /// <summary>a itself: what a fused block uses to store one value in several places.</summary>
    internal static readonly ElementKernel Identity = new IdentityKernel();

    private sealed class IdentityKernel : ElementKernel
    {
        public override string Name => "identity";

        public override int Arity => 1;

        public override void Run(ref double a, ref double b, ref double c, ref double result, int count) =>
            Buffers.Span(ref a, count).CopyTo(Buffers.Span(ref result, count));

        public override void Run(ref float a, ref float b, ref float c, ref float result, int count) =>
            Buffers.Span(ref a, count).CopyTo(Buffers.Span(ref result, count));
    }
}
