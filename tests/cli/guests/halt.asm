; Stops for good.
org 100h
        cli
        hlt
