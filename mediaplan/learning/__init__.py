"""What came of it: promises held against deliveries, verdicts of tests, and what both say of the next plan."""
