"""Several tables that speak of the same money: recognised, renewed by the newer export, never added up."""
