"""What a decoder makes of a track: reconstructions, inpainting, and walks through its latents."""
