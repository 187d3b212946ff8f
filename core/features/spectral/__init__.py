"""Features computed from spectra: log-mel, filterbank, MFCC, descriptors."""
