"""Weeks that are over, planned again: would the choices have been better, were the intervals honest?"""
