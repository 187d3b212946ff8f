"""Features computed from spectra: mel, MFCC, descriptors."""
